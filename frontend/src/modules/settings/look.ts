/*
 * Theme and text size of this device. They live in localStorage, not in the synced rows, because
 * `public/look.js` must know them before anything else has loaded.
 */
export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'normal' | 'large' | 'larger';

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is forbidden here: the system's theme and the normal size
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // it still holds until the page is closed
  }
}

export function readTheme(): Theme {
  const stored = read('rapt.theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function chooseTheme(theme: Theme): void {
  write('rapt.theme', theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function readTextSize(): TextSize {
  const stored = read('rapt.text');
  return stored === 'large' || stored === 'larger' ? stored : 'normal';
}

export function chooseTextSize(size: TextSize): void {
  write('rapt.text', size === 'normal' ? null : size);
  if (size === 'normal') delete document.documentElement.dataset.text;
  else document.documentElement.dataset.text = size;
}

/** Single-letter shortcuts can be switched off, since speech input and tremor press them by accident. */
export function readLetterKeys(): boolean {
  return read('rapt.letters') !== 'off';
}

export function chooseLetterKeys(on: boolean): void {
  write('rapt.letters', on ? null : 'off');
}
