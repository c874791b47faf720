const allowed = new Set(['http:', 'https:', 'mailto:']);

/**
 * A link as a reader may follow it, or null when it must stay plain text. Only whole http, https and mailto
 * addresses pass. `host` is what the address really leads to, in punycode, for a link that reads
 * "https://bank.example" may lead elsewhere.
 */
export function checkLink(href: string | undefined): { href: string; host: string } | null {
  if (!href) return null;
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (!allowed.has(url.protocol)) return null;
  const host = url.protocol === 'mailto:' ? url.pathname : url.hostname;
  return host === '' ? null : { href: url.href, host };
}
