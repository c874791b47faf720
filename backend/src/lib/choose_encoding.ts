import type { IncomingHttpHeaders } from 'node:http';

/** The better of the encodings we make that the asker takes; null: neither. */
export function chooseEncoding(headers: IncomingHttpHeaders): 'br' | 'gzip' | null {
  const accepted = String(headers['accept-encoding'] ?? '');
  return /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null;
}
