/**
 * Puts a text on the clipboard. Without TLS browsers have only the old command for it.
 * @throws when the browser does not let the page use the clipboard
 */
export async function copyText(text: string): Promise<void> {
  if (globalThis.navigator?.clipboard) return navigator.clipboard.writeText(text);
  const before = document.activeElement;
  const box = document.createElement('textarea');
  box.value = text;
  box.className = 'sr';
  // Where the reader is, or the page would scroll to it.
  box.style.position = 'fixed';
  box.style.top = '0';
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!copied) throw new Error('The browser did not copy.');
}
