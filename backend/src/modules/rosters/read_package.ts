import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import yauzl from 'yauzl';
import { AppError } from '../../lib/app_error';
import { headerKey, type RawRow, rosterFiles } from './normalise_row';
import { readerVersion } from './reader_version';
import type { RosterFeed } from './stage_feed';

/** A zip that grows more than this is a bomb; real rosters shrink about tenfold. */
const mostExpansion = 100;
const smallFileBytes = 1_000_000;
const mostBytes = 20_000_000_000;
const mostRowBytes = 64_000;
const pieceBytes = 65_536;
/** OneRoster has 22 files, and its manifest a row for each; a table of contents of millions would fill the memory. */
const mostEntries = 1_000;
const mostManifestRows = 1_000;

/** Rows come with the line they begin on. @throws AppError for bytes that are no CSV in UTF-8 */
export type RosterPackage = RosterFeed & { close(): void };

const lookAlikes: [files: string[], name: string][] = [
  [['schools.csv', 'students.csv', 'teachers.csv', 'sections.csv'], 'a Clever export'],
  [['school.csv', 'student.csv', 'section.csv'], 'a Microsoft School Data Sync export'],
  [['accounts.csv', 'terms.csv', 'sections.csv'], 'a Canvas SIS export'],
];

/**
 * Opens a OneRoster zip and looks at its table of contents; nothing is unpacked before it is asked for.
 * @throws AppError BAD_REQUEST with a sentence that says what the file is instead
 */
export async function openRosterPackage(zipPath: string): Promise<RosterPackage> {
  const zip = await openZip(zipPath);
  try {
    const entries = await listEntries(zip);
    const known = new Map(Object.keys(rosterFiles).map((name) => [name.toLowerCase(), name]));
    const found = new Map<string, yauzl.Entry>();
    const nested = [...entries.keys()].some(
      (name) => known.has(name.split('/').at(-1) ?? '') && name.includes('/'),
    );
    for (const [lower, name] of known) {
      const entry = entries.get(lower);
      if (entry) found.set(name, entry);
    }
    const manifest = entries.get('manifest.csv');
    if (found.size === 0 && !manifest) {
      if (nested) throw refuse('The files lie in a folder inside the zip. Zip the files themselves.');
      const alike = lookAlikes.find(([files]) => files.every((file) => entries.has(file)));
      if (alike) throw refuse(`This seems to be ${alike[1]}, not a OneRoster package.`);
      throw refuse('This zip holds no OneRoster files such as users.csv.');
    }
    const modes = new Map<string, string>();
    if (manifest) {
      for await (const { row } of readCsv(zip, manifest, 'manifest.csv')) {
        if (modes.size > mostManifestRows)
          throw refuse('manifest.csv has more rows than a manifest can have.');
        modes.set((row.propertyname ?? '').toLowerCase(), (row.value ?? '').trim().toLowerCase());
      }
    }
    const files = [...found.keys()].map((name) => ({
      name,
      mode:
        modes.get(`file.${name.slice(0, -4).toLowerCase()}`) === 'delta'
          ? ('delta' as const)
          : ('bulk' as const),
    }));
    return {
      files,
      emptyIsOdd: true,
      async fingerprint() {
        const hash = createHash('sha256').update(readerVersion);
        for (const { name, mode } of files) {
          const entry = found.get(name);
          if (!entry) continue;
          hash.update(`\0${name} ${mode} ${entry.compressionMethod} ${entry.uncompressedSize}\0`);
          // As it lies in the zip: the same there is the same unpacked, at a tenth of the bytes.
          for await (const bytes of readPacked(zip, zipPath, entry)) hash.update(bytes);
        }
        return hash.digest('hex');
      },
      readRows(name) {
        const entry = found.get(name);
        if (!entry) throw new Error(`${name} is not in the package`);
        return readCsv(zip, entry, name);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function refuse(sentence: string): AppError {
  return new AppError('BAD_REQUEST', sentence);
}

function openZip(zipPath: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(zipPath, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error)
        reject(
          refuse(
            'This is not a zip that can be read, or not all of it. Export it again and send it as it comes.',
          ),
        );
      else resolve(zip);
    });
  });
}

function listEntries(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  let bytes = 0;
  if (zip.entryCount > mostEntries) {
    return Promise.reject(refuse(`The zip holds ${zip.entryCount} files. Send the OneRoster files only.`));
  }
  return new Promise((resolve, reject) => {
    zip.on('error', (error: Error) => reject(refuse(`The zip is damaged or unsafe: ${error.message}.`)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      const name = entry.fileName.toLowerCase();
      bytes += entry.uncompressedSize;
      const grows = entry.uncompressedSize / Math.max(1, entry.compressedSize);
      if (bytes > mostBytes || (entry.uncompressedSize > smallFileBytes && grows > mostExpansion)) {
        return reject(refuse(`${entry.fileName} would grow more than ${mostExpansion} times: refused.`));
      }
      if (entries.has(name)) return reject(refuse(`The zip holds ${entry.fileName} twice.`));
      if (!name.endsWith('/')) entries.set(name, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

/** An entry as it lies in the zip, always in the same buffer: as a stream it would leave as many as it has pieces. */
async function* readPacked(zip: yauzl.ZipFile, zipPath: string, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const end = fileDataStart + entry.compressedSize;
  const buffer = Buffer.alloc(pieceBytes);
  const file = await open(zipPath);
  try {
    for (let at = fileDataStart; at < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(pieceBytes, end - at), at);
      if (bytesRead === 0) throw refuse('The zip is damaged: it ends too early.');
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Text of strict UTF-8 without NUL: PostgreSQL takes no other, and half a character is never a name. */
async function* decode(stream: Readable, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      if (text.includes('\0')) throw refuse(`${name} holds NUL characters: it is not a text file.`);
      yield text;
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw refuse(`${name} is not in UTF-8. Export it again as UTF-8.`);
    throw error;
  }
}

async function* readCsv(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  name: string,
): AsyncGenerator<{ line: number; row: RawRow }> {
  const parser = parse({
    relax_column_count: true,
    max_record_size: mostRowBytes,
  });
  const closed = new AbortController();
  parser.once('close', () => closed.abort());
  const feed = async () => {
    for await (const text of decode(await openEntry(zip, entry), name)) {
      if (parser.destroyed) return;
      // A reader that stops early destroys the parser, and the signal then ends the wait for it to drain.
      if (!parser.write(text)) await once(parser, 'drain', { signal: closed.signal });
    }
    parser.end();
  };
  const feeding = feed().catch((error: unknown) => {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    // Columns and lines are counted here: the parser's own way of telling them costs four times the parsing.
    let header: string[] | null = null;
    let line = 0;
    for await (const cells of parser as AsyncIterable<string[]>) {
      line += 1;
      const at = line;
      for (const cell of cells) if (cell.includes('\n')) line += cell.split('\n').length - 1;
      if (cells.length === 1 && cells[0] === '') continue;
      if (header === null) header = cells.map(headerKey);
      else {
        const row: RawRow = {};
        for (let column = 0; column < header.length; column++) {
          const cell = cells[column];
          if (cell === undefined) break;
          row[header[column] ?? ''] = cell;
        }
        yield { line: at, row };
      }
    }
    await feeding;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(`${name} cannot be read as CSV: ${reason.slice(0, 200)}`);
  } finally {
    parser.destroy();
  }
}
