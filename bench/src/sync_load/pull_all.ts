import http from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type SyncPage, SyncPageZod, syncProtocolVersion } from '@raptscallions/zod-schemas/sync.zod';
import { syncSchemaHash } from '@raptscallions/zod-schemas/sync_table';

type Answer = { body: Buffer; onWire: number };
export type Position = { syncClientId: string; cursor: string | null; scopes: string[] };

/** What browsers take: on plain HTTP, this machine's own address aside, gzip only. */
export type Accepted = 'gzip' | 'gzip, br';

function unpack(raw: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return brotliDecompressSync(raw);
  return encoding === 'gzip' ? gunzipSync(raw) : raw;
}

/** As many at once as the app asks for. */
const partsAtOnce = 4;
const agent = new http.Agent({ keepAlive: true, maxSockets: partsAtOnce });

/** One answer as the server sends it, unpacked; `onWire` counts the body's bytes as they travelled. */
function askPage(url: string, cookie: string, accepted: Accepted, input: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/rpc/sync/pull`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'accept-encoding': accepted,
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
            body: unpack(raw, response.headers['content-encoding']),
            onWire: raw.length,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify({ json: input }));
  });
}

/** What is to be asked for next, without reading the rows: a client that throws bytes away has no time to parse. */
function findMore(body: Buffer): { parts: string[]; next: string | null } {
  const end = body.subarray(-50_000).toString('latin1');
  const next = /"next":(null|"([^"]*)")\}\}$/.exec(end);
  if (!next) throw new Error('an answer without `next`');
  if (!body.includes('"parts":[')) return { parts: [], next: next[2] ?? null };
  // Parts are told in an answer of their own, which is small.
  const { json }: { json: SyncPage } = JSON.parse(body.toString('utf8'));
  return { parts: json.parts ?? [], next: json.next };
}

/** All answers of one pull. `ms` includes unpacking, which takes its part of it. */
export async function pullAll(
  url: string,
  cookie: string,
  { accepted = 'gzip', position }: { accepted?: Accepted; position?: Position } = {},
) {
  const from = position ?? { syncClientId: newId('device'), cursor: null, scopes: [] };
  const bodies: Buffer[] = [];
  let onWire = 0;
  const ask = async (next: string | null) => {
    const answer = await askPage(url, cookie, accepted, { ...from, next });
    onWire += answer.onWire;
    bodies.push(answer.body);
    return findMore(answer.body);
  };
  const begun = performance.now();
  let next: string | null = null;
  do {
    const more = await ask(next);
    const waiting = more.parts.values();
    const askOn = async () => {
      for (const part of waiting) await ask(part);
    };
    await Promise.all(Array.from({ length: partsAtOnce }, askOn));
    next = more.next;
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
