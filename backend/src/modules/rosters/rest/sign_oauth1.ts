import { createHmac, randomBytes } from 'node:crypto';

export type Oauth1Credentials = {
  consumerKey: string;
  consumerSecret: string;
  token?: string;
  tokenSecret?: string;
};

/** Percent-encoding of RFC 3986, which is stricter than that of URLs (RFC 5849, section 3.6). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The Authorization header of a signed request without a body (RFC 5849, HMAC-SHA1).
 * @param moment seconds since 1970 and a text that is never used twice; only tests give it
 */
export function signOauth1(
  method: string,
  address: URL,
  { consumerKey, consumerSecret, token, tokenSecret = '' }: Oauth1Credentials,
  moment = { timestamp: Math.floor(Date.now() / 1_000), nonce: randomBytes(16).toString('hex') },
): string {
  const oauth: Record<string, string> = {
    oauth_consumer_key: consumerKey,
    ...(token === undefined ? {} : { oauth_token: token }),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(moment.timestamp),
    oauth_nonce: moment.nonce,
  };
  const signed = [...address.searchParams, ...Object.entries(oauth)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [method.toUpperCase(), `${address.origin}${address.pathname}`, signed].map(encode).join('&');
  const key = `${encode(consumerSecret)}&${encode(tokenSecret)}`;
  const signature = createHmac('sha1', key).update(base).digest('base64');
  const fields = Object.entries({ ...oauth, oauth_signature: signature });
  return `OAuth ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}
