const key = 'rapt.school_code';

/** The school somebody last signed in to by a username here, so that pupils need not type it each time. */
export function rememberSchoolCode(code: string): void {
  localStorage.setItem(key, code);
}

export function rememberedSchoolCode(): string {
  return localStorage.getItem(key) ?? '';
}
