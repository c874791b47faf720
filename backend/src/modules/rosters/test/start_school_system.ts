import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Feed } from './make_feed';

/** What real systems do, each switchable; the numbers count requests. */
export type Faults = {
  /** never more rows than this, whatever was asked for */
  clamp?: number;
  totals?: boolean;
  /** every so manieth request is answered 429 with HTML and Retry-After */
  htmlTooMany?: number;
  /** every so manieth answer is cut in the middle */
  cutJson?: number;
  /** every so manieth answer is a 500 */
  failing?: number;
  /** always fails from this offset on, for this collection */
  brokenPage?: { collection: string; offset: number };
  /** a token is refused after so many uses, though it has not expired */
  tokenUses?: number;
  /** credentials are taken in the body only */
  credentialsInBody?: boolean;
  /** gives everything whatever the offset */
  ignoresPaging?: boolean;
  /** the order is another one with every answer */
  shuffles?: boolean;
  /** gives a page of records that were never there, each time others */
  invents?: boolean;
  /** called before each page is given, so that the school may change between two of them */
  onPage?: (collection: string, offset: number) => void;
  /** what it says with 429, in seconds; at once unless given */
  retryAfter?: number;
  /** `students`, `schools` and `terms` for envelopes, nulls, numbers for booleans, relative hrefs, metadata: null */
  oddShapes?: boolean;
  /** deletes vanish instead of being told */
  wrongTotal?: boolean;
};

export type SchoolSystemMock = {
  url: string;
  feed: Feed;
  faults: Faults;
  /** records changed since, by collection; asked for by a filter */
  changed: Partial<Feed>;
  requests: { path: string; query: Record<string, string> }[];
  close(): Promise<void>;
};

export const credentials = { clientId: 'client & one', secret: 'a+b/c=%' };

const names: Record<string, keyof Feed> = {
  orgs: 'orgs',
  academicSessions: 'academicSessions',
  classes: 'classes',
  users: 'users',
  enrollments: 'enrollments',
};

/** What some call the same collections. */
const oddEnvelopes: Record<string, string> = {
  users: 'students',
  orgs: 'schools',
  academicSessions: 'terms',
};

/** A school system that speaks OneRoster 1.1 and 1.2 over a real socket, as well or as badly as it is told to. */
export async function startSchoolSystem(feed: Feed): Promise<SchoolSystemMock> {
  const mock: SchoolSystemMock = {
    url: '',
    feed,
    faults: {},
    changed: {},
    requests: [],
    close: async () => {},
  };
  const tokens = new Map<string, number>();
  let asked = 0;
  const nonces = new Set<string>();

  function isSigned(req: IncomingMessage, url: URL): boolean {
    const fields = new Map(
      [...(req.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        decodeURIComponent(value),
      ]),
    );
    const signature = fields.get('oauth_signature');
    const nonce = fields.get('oauth_nonce') ?? '';
    if (fields.get('oauth_consumer_key') !== credentials.clientId || nonces.has(nonce)) return false;
    if (Math.abs(Number(fields.get('oauth_timestamp')) - Date.now() / 1_000) > 300) return false;
    nonces.add(nonce);
    fields.delete('oauth_signature');
    const encode = (text: string) =>
      [...Buffer.from(text)]
        .map((byte) =>
          /[A-Za-z0-9\-._~]/.test(String.fromCharCode(byte))
            ? String.fromCharCode(byte)
            : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
        )
        .join('');
    const pairs = [...fields, ...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort();
    const base = `GET&${encode(`${url.origin}${url.pathname}`)}&${encode(pairs.join('&'))}`;
    return (
      createHmac('sha1', `${encode(credentials.secret)}&`)
        .update(base)
        .digest('base64') === signature
    );
  }

  async function giveToken(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of req) body += String(part);
    const form = new URLSearchParams(body);
    const [user, password] = Buffer.from((req.headers.authorization ?? '').replace('Basic ', ''), 'base64')
      .toString()
      .split(':')
      .map((part) => decodeURIComponent(part));
    const inHeader = user === credentials.clientId && password === credentials.secret;
    const inBody =
      form.get('client_id') === credentials.clientId && form.get('client_secret') === credentials.secret;
    const known = mock.faults.credentialsInBody ? inBody && !req.headers.authorization : inHeader;
    if (
      !known ||
      form.get('grant_type') !== 'client_credentials' ||
      !form.get('scope')?.includes('roster-core')
    ) {
      res.writeHead(mock.faults.credentialsInBody ? 422 : 401).end('{"error":"invalid_client"}');
      return;
    }
    const token = `token-${tokens.size + 1}`;
    tokens.set(token, 0);
    json(res, { access_token: token, token_type: 'bearer', expires_in: 3_600 });
  }

  function mayRead(req: IncomingMessage, url: URL): boolean {
    const { authorization = '' } = req.headers;
    if (authorization.startsWith('OAuth ')) return isSigned(req, url);
    const token = authorization.replace('Bearer ', '');
    const uses = tokens.get(token);
    if (uses === undefined || uses >= (mock.faults.tokenUses ?? Number.POSITIVE_INFINITY)) return false;
    tokens.set(token, uses + 1);
    return true;
  }

  function answer(req: IncomingMessage, res: ServerResponse): void {
    const url = new URL(req.url ?? '/', mock.url);
    const { faults } = mock;
    const [, version, collection = ''] =
      /^\/ims\/oneroster\/(v1p1|rostering\/v1p2)\/(\w+)$/.exec(url.pathname) ?? [];
    if (!version || !(collection in names || collection === 'courses')) {
      res.writeHead(404).end();
      return;
    }
    const query = Object.fromEntries(url.searchParams);
    mock.requests.push({ path: url.pathname, query });
    if (!mayRead(req, url)) {
      res.writeHead(401).end('{"imsx_codeMajor":"failure"}');
      return;
    }
    asked += 1;
    if (faults.htmlTooMany && asked % faults.htmlTooMany === 0) {
      res
        .writeHead(429, { 'content-type': 'text/html', 'retry-after': String(faults.retryAfter ?? 0) })
        .end('<h1>Too many requests</h1>');
      return;
    }
    const [limit, offset] = [Number(query.limit ?? 100), Number(query.offset ?? 0)];
    if (
      (faults.failing && asked % faults.failing === 0) ||
      (faults.brokenPage?.collection === collection && offset >= faults.brokenPage.offset)
    ) {
      // Neither is what the binding says: some have no JSON, some a text for the object.
      res.writeHead(500).end(asked % 2 ? '<html>Oops</html>' : '{"imsx_codeMinor":"server_busy"}');
      return;
    }
    faults.onPage?.(collection, offset);
    const name = names[collection];
    const source = query.filter ? name && mock.changed[name] : name && feedOf(mock)[name];
    const all = (source ?? []).map((row) =>
      record(collection, row, version === 'v1p1', faults.oddShapes ?? false),
    );
    all.sort((a, b) => (String(a.sourcedId) < String(b.sourcedId) ? -1 : 1));
    if (faults.shuffles) all.push(...all.splice(0, asked % all.length));
    const page = faults.invents
      ? all.map((each) => ({ ...each, sourcedId: `${asked}-${each.sourcedId}` }))
      : faults.ignoresPaging
        ? all
        : all.slice(offset, offset + Math.min(limit, faults.clamp ?? limit));
    if (faults.totals) res.setHeader('x-total-count', String(all.length + (faults.wrongTotal ? 1 : 0)));
    const envelope = (faults.oddShapes && oddEnvelopes[collection]) || collection;
    const text = JSON.stringify({ [envelope]: page });
    if (faults.cutJson && asked % faults.cutJson === 0) {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(text.slice(0, Math.floor(text.length / 2)));
      return;
    }
    res.writeHead(200, { 'content-type': 'application/json' }).end(text);
  }

  const server = createServer((req, res) => {
    if (req.url === '/oauth/token') void giveToken(req, res);
    else answer(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  mock.url = `http://127.0.0.1:${address.port}`;
  mock.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return mock;
}

const feedOf = ({ feed }: SchoolSystemMock) => feed;

function json(res: ServerResponse, body: object): void {
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A row of the feed as the JSON binding has it. */
function record(collection: string, row: string[], isFirst: boolean, odd: boolean): Record<string, unknown> {
  const ref = (id: string | undefined, type: string) =>
    id
      ? { sourcedId: id, type, href: odd ? `~/${type}s/${id}` : `https://sis.example/${type}s/${id}` }
      : null;
  const [sourcedId, status, dateLastModified] = row;
  const base = {
    sourcedId,
    status: status || 'active',
    dateLastModified: dateLastModified || '2026-11-01T00:00:00.000Z',
    ...(odd ? { metadata: null } : {}),
  };
  const cell = (at: number) => row[at] ?? '';
  switch (collection) {
    case 'orgs':
      return { ...base, name: cell(3), type: cell(4), identifier: null, parent: ref(cell(6), 'org') };
    case 'academicSessions':
      return { ...base, title: cell(3), type: cell(4), startDate: cell(5), endDate: cell(6) };
    case 'classes':
      return {
        ...base,
        title: cell(3),
        classCode: cell(4),
        school: ref(cell(5), 'org'),
        terms: cell(6)
          .split(',')
          .map((term) => ref(term, 'academicSession')),
        subjects: odd ? null : [],
      };
    case 'users': {
      const enabledUser = odd ? Number(cell(3) === 'true') : cell(3);
      const person = {
        ...base,
        enabledUser,
        username: cell(6),
        givenName: cell(7),
        familyName: cell(8),
        email: cell(9) || null,
      };
      if (isFirst) return { ...person, role: cell(5), orgs: [ref(cell(4), 'org')] };
      const roles = [{ roleType: 'primary', role: cell(5), org: ref(cell(4), 'org'), beginDate: null }];
      return { ...person, roles };
    }
    default:
      return {
        ...base,
        class: ref(cell(3), 'class'),
        school: ref(cell(4), 'org'),
        user: ref(cell(5), 'user'),
        role: cell(6),
        primary: 'false',
        beginDate: cell(7) || null,
        endDate: cell(8) || null,
      };
  }
}
