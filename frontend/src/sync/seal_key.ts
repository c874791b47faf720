/** Whether this page may lock anything: browsers allow it at addresses with TLS, and on this machine, only. */
export function canSeal(): boolean {
  return typeof crypto !== 'undefined' && crypto.subtle !== undefined;
}

/**
 * The key as the browser holds it: it can be used, but not read out again.
 * @param text base64 of 32 bytes
 */
export function importSealKey(text: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
