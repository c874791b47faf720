import http from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import {
  type SyncPage,
  SyncPageZod,
  syncVersion,
  syncVersionHeader,
} from '@raptscallions/zod-schemas/sync.zod';
import { unpackSyncRows } from '@raptscallions/zod-schemas/sync_table';

type Answer = { raw: Buffer; encoding: string | undefined };
export type Position = { syncClientId: string; cursor: string | null; scopes: string[] };

/** What browsers take: on plain HTTP, this machine's own address aside, gzip only. */
export type Accepted = 'gzip' | 'gzip, br';

function unpack({ raw, encoding }: Answer): Buffer {
  if (encoding === 'br') return brotliDecompressSync(raw);
  return encoding === 'gzip' ? gunzipSync(raw) : raw;
}

/** As many at once as the app asks for. */
const partsAtOnce = 4;
const agent = new http.Agent({ keepAlive: true, maxSockets: partsAtOnce });

/** One answer as the server sends it. */
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
          [syncVersionHeader]: syncVersion,
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
          resolve({ raw, encoding: response.headers['content-encoding'] });
        });
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify({ json: input }));
  });
}

/** All answers of one pull. Parts are unpacked after the time was taken: that is a browser's work, not the server's. */
export async function pullAll(
  url: string,
  cookie: string,
  { accepted = 'gzip', position }: { accepted?: Accepted; position?: Position } = {},
) {
  const from = position ?? { syncClientId: newId('device'), cursor: null, scopes: [] };
  const answers: Answer[] = [];
  const ask = async (next: string | null) => {
    const answer = await askPage(url, cookie, accepted, { ...from, next });
    answers.push(answer);
    return answer;
  };
  const begun = performance.now();
  let next: string | null = null;
  do {
    const { json }: { json: SyncPage } = JSON.parse(unpack(await ask(next)).toString('utf8'));
    const waiting = (json.parts ?? []).values();
    const askOn = async () => {
      for (const part of waiting) await ask(part);
    };
    await Promise.all(Array.from({ length: partsAtOnce }, askOn));
    next = json.next;
  } while (next !== null);
  const ms = performance.now() - begun;
  const onWire = answers.reduce((sum, { raw }) => sum + raw.length, 0);
  return { ms, onWire, bodies: answers.map(unpack), syncClientId: from.syncClientId };
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
    for (const { table, id } of frame.rows.flatMap(unpackSyncRows)) {
      entries += 1;
      rows.add(`${table} ${id}`);
    }
  }
  return { pages: pages.length, rows: rows.size, entries, cursor, scopes: [...scopes] };
}
