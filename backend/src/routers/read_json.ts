import type { IncomingMessage } from 'node:http';
import { AppError } from '../lib/app_error';

/** Far above any form; what reads values by calling itself for each one within fails at some thousands. */
const mostDepth = 100;

/**
 * The body of a request, parsed; undefined where there is none.
 * @param withinMs how long is waited for the end of it; unset: as long as the server waits for any request
 * @throws AppError PAYLOAD_TOO_LARGE above `maxBytes`, BAD_REQUEST for what is not JSON, or nested a hundred times,
 *   or comes too slowly
 */
export async function readJson(req: IncomingMessage, maxBytes: number, withinMs?: number): Promise<unknown> {
  const type = req.headers['content-type'];
  if (type !== undefined && !type.startsWith('application/json'))
    throw new AppError('BAD_REQUEST', 'Send the body as application/json.');
  const text = await readText(req, maxBytes, withinMs);
  if (text === '') return undefined;
  if (isTooDeep(text)) throw new AppError('BAD_REQUEST', 'The body is nested too deep.');
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('BAD_REQUEST', 'The body is not JSON.');
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) at += char === '\\' ? 1 : 0;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (depth > mostDepth) return true;
  }
  return false;
}

/** By events, since nearly every body comes in one piece and an iterator over a stream is dear for that. */
function readText(req: IncomingMessage, maxBytes: number, withinMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const take = (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) refuse(new AppError('PAYLOAD_TOO_LARGE'));
      else parts.push(part);
    };
    const late = withinMs === undefined ? undefined : setTimeout(refuseLate, withinMs);
    function refuseLate(): void {
      refuse(new AppError('BAD_REQUEST', 'The body took too long to arrive.'));
    }
    function refuse(reason: Error): void {
      clearTimeout(late);
      // The rest is read and thrown away until the answer has closed the connection.
      req.off('data', take);
      req.resume();
      reject(reason);
    }
    // Gone while it was found out who calls: it will say neither that it has ended nor that it failed.
    if (req.destroyed) refuse(new AppError('BAD_REQUEST', 'The call was taken back.'));
    req.on('data', take);
    req.once('end', () => {
      clearTimeout(late);
      resolve(Buffer.concat(parts).toString('utf8'));
    });
    req.once('error', refuse);
  });
}
