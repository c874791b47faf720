import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type SyncPage, SyncPageZod, syncProtocolVersion } from '@raptscallions/zod-schemas/sync.zod';
import { syncSchemaHash } from '@raptscallions/zod-schemas/sync_table';

type Answer = { body: Buffer; onWire: number };
export type Position = { syncClientId: string; cursor: string | null; scopes: string[] };

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** One page as the server sends it, unpacked; `onWire` counts the body's bytes as they travelled. */
function askPage(url: string, cookie: string, input: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/rpc/sync/pull`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'accept-encoding': 'gzip',
          'x-rapt-sync': `${syncProtocolVersion}.${syncSchemaHash}`,
          cookie,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const raw = Buffer.concat(parts);
          if (response.statusCode !== 200) return reject(new Error(`${response.statusCode}: ${raw}`));
          resolve({
            body: response.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
            onWire: raw.length,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify({ json: input }));
  });
}

/** `next` of a page without reading all of it: a client that throws bytes away has no time to parse. */
function findNext(body: Buffer): string | null {
  const head = /"next":(null|"([^"]*)")/.exec(body.subarray(0, 2_000).toString('latin1'));
  const tail = /"next":(null|"([^"]*)")/.exec(body.subarray(-2_000).toString('latin1'));
  const found = head ?? tail;
  if (!found) throw new Error('a page without `next`');
  return found[2] ?? null;
}

/** All pages of one pull. `ms` includes unpacking, which takes its part of it and is given by itself. */
export async function pullAll(url: string, cookie: string, position?: Position) {
  const from = position ?? { syncClientId: newId('device'), cursor: null, scopes: [] };
  const bodies: Buffer[] = [];
  let onWire = 0;
  const begun = performance.now();
  let next: string | null = null;
  do {
    const answer: Answer = await askPage(url, cookie, { ...from, next });
    onWire += answer.onWire;
    bodies.push(answer.body);
    next = findNext(answer.body);
  } while (next !== null);
  return { ms: performance.now() - begun, onWire, bodies, syncClientId: from.syncClientId };
}

/** What a first load said, and where a device that stored it stands. */
export function readPages(bodies: Buffer[]) {
  const pages: SyncPage[] = bodies.map((body) => SyncPageZod.parse(JSON.parse(body.toString('utf8')).json));
  const frames = pages.flatMap((page) => page.frames);
  const scopes = new Set<string>();
  const rows = new Set<string>();
  let entries = 0;
  let cursor: string | null = null;
  for (const frame of frames) {
    if (frame.kind === 'cursor') cursor = frame.cursor;
    if (frame.kind !== 'rows') continue;
    scopes.add(frame.scope);
    entries += frame.rows.length;
    for (const [table, , row] of frame.rows) rows.add(`${table} ${row.slice(0, 1)}`);
  }
  return { pages: pages.length, rows: rows.size, entries, cursor, scopes: [...scopes] };
}
