/** Whether this browser lets the page keep anything at all: asking is forbidden too where site data is blocked. */
export function isStorageAllowed(): boolean {
  try {
    return localStorage !== null && indexedDB !== undefined;
  } catch {
    return false;
  }
}
