import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Who calls, by address. Each of our proxies adds the address it was called from at the end of
 * `X-Forwarded-For`; whatever stands before that was written by the caller, and counts for nothing.
 * @param trustedProxies how many proxies of ours a request passes
 */
export function clientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  trustedProxies: number,
): string {
  const own = socket.remoteAddress ?? '';
  if (trustedProxies === 0) return own;
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((text) => text.trim());
  const address = forwarded[forwarded.length - trustedProxies] ?? '';
  return isIP(address) ? address : own;
}

/** The part of an address that one household or school has for itself: IPv4 whole, of IPv6 the first 64 bits. */
export function networkOf(address: string): string {
  const plain = address.split('%', 1)[0] ?? '';
  if (isIP(plain) !== 6) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped) return mapped;
  // The URL parser knows every way to write an address, and writes each in one.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const first = head ? head.split(':') : [];
  const last = tail ? tail.split(':') : [];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
