import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { AppError } from './app_error';
import { chooseEncoding } from './choose_encoding';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
};
const compressible = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt']);

/**
 * Serves the built web app. Its hashed assets may be kept for ever; the page, the service worker and the
 * manifest are asked for each time. A path that is no file is a page of the app.
 */
export function serveFiles(folder: string) {
  const root = path.resolve(folder);
  /** Compressed once: the files do not change while the server runs. */
  const compressed = new Map<string, Promise<Buffer>>();

  return async (req: IncomingMessage, res: ServerResponse, urlPath: string): Promise<void> => {
    if (req.method !== 'GET' && req.method !== 'HEAD') throw new AppError('NOT_FOUND');
    const found =
      (await fileAt(root, urlPath)) ?? (path.extname(urlPath) ? null : path.join(root, 'index.html'));
    if (!found || !(await isFile(found))) {
      throw new AppError('NOT_FOUND', 'This page does not exist. Has the web app been built?');
    }
    const extension = path.extname(found);
    res.setHeader('content-type', types[extension] ?? 'application/octet-stream');
    const hashed = path.relative(root, found).startsWith(`assets${path.sep}`);
    res.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (!compressible.has(extension)) return send(req, res, found);
    res.setHeader('vary', 'accept-encoding');
    const encoding = chooseEncoding(req.headers);
    if (!encoding) return send(req, res, found);
    const body = await compressOnce(found, encoding);
    res.setHeader('content-encoding', encoding);
    res.end(req.method === 'HEAD' ? undefined : body);
  };

  function compressOnce(file: string, encoding: 'br' | 'gzip'): Promise<Buffer> {
    const key = `${encoding} ${file}`;
    const known = compressed.get(key);
    if (known) return known;
    const body = compress(file, encoding);
    compressed.set(key, body);
    // A file that could not be read now, as while a new build is put in its place, can be a moment later.
    body.catch(() => compressed.delete(key));
    return body;
  }
}

async function fileAt(root: string, urlPath: string): Promise<string | null> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const file = path.join(root, decoded);
  // `..`, encoded or not, must not lead out of the folder.
  if (decoded.includes('\0') || (file !== root && !file.startsWith(root + path.sep))) return null;
  return (await isFile(file)) ? file : null;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function send(req: IncomingMessage, res: ServerResponse, file: string): Promise<void> {
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  try {
    await pipeline(createReadStream(file), res);
  } catch (error) {
    // Whoever asked has left in the middle, which is no fault of anybody's.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
  }
}

async function compress(file: string, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const body = await readFile(file);
  if (encoding === 'gzip') return promisify(gzip)(body);
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}
