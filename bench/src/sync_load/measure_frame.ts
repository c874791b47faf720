import http from 'node:http';
import { type SyncFrame, syncVersion, syncVersionHeader } from '@raptscallions/zod-schemas/sync.zod';
import type { Position } from './pull_all';

/**
 * Bytes on a stream beyond the rows themselves, for one changed row that stands in one scope: the frame around
 * it, and the cursor that closes it.
 */
export async function measureFrame(
  url: string,
  cookie: string,
  position: Position,
  change: () => Promise<unknown>,
): Promise<{ around: number; closing: number }> {
  const stop = new AbortController();
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(`${url}/rpc/sync/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [syncVersionHeader]: syncVersion, cookie },
      signal: stop.signal,
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.end(JSON.stringify({ json: { ...position, streamId: 'one frame' } }));
  });
  let text = '';
  let changed = false;
  let around = Number.NaN;
  for await (const bytes of response) {
    text += bytes;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end + 2);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (!data) continue;
      const { json }: { json: SyncFrame } = JSON.parse(data);
      if (json.kind === 'rows' && changed) {
        around = Buffer.byteLength(event) - Buffer.byteLength(JSON.stringify(json.rows)) + '[]'.length;
      }
      if (json.kind !== 'cursor') continue;
      // A process whose tailer begins to look catches everybody up once more, without news.
      if (changed && Number.isNaN(around)) continue;
      if (changed) {
        stop.abort();
        return { around, closing: Buffer.byteLength(event) };
      }
      changed = true;
      await change();
    }
  }
  throw new Error('the stream ended before the change came');
}
