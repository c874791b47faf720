import type { DeviceContext } from '../../api/auth';

const key = 'rapt.device';

/** Whose device this is, as answered at the last sign-in; without an answer it counts as shared. */
export function rememberDeviceKind(kind: DeviceContext): void {
  localStorage.setItem(key, kind);
}

export function isOwnDevice(): boolean {
  return localStorage.getItem(key) === 'personal';
}
