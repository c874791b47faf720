import { hash } from 'node:crypto';
import { AppError } from '../../../lib/app_error';
import type { RawRow } from '../normalise_row';
import type { RosterFeed } from '../stage_feed';
import { flattenRecord } from './flatten_record';
import type { SchoolSystem } from './school_system';

/** Collections in the order in which they depend on each other, by the names of the files of a package. */
const collections: Record<string, string> = {
  'orgs.csv': 'orgs',
  'academicSessions.csv': 'academicSessions',
  'courses.csv': 'courses',
  'classes.csv': 'classes',
  'users.csv': 'users',
  'enrollments.csv': 'enrollments',
};

const pageSize = 1_000;
/**
 * A record that goes while pages are read moves the rest up, and one of them falls between two pages: as if it had
 * left the school. Then everything is read once more; when that happens every time, something is wrong.
 */
const mostPasses = 3;

/**
 * What a school system says, as a feed.
 * @param since the moment from which on changes are asked for; null: everything
 */
export function readSchoolSystem(system: SchoolSystem, since: Date | null): RosterFeed {
  const mode = since ? 'delta' : 'bulk';
  return {
    emptyIsOdd: false,
    files: Object.keys(collections).map((name) => ({ name, mode })),
    readRows: (name) => readCollection(system, collections[name] ?? name, since),
  };
}

async function* readCollection(
  system: SchoolSystem,
  collection: string,
  since: Date | null,
): AsyncGenerator<{ line: number; row: RawRow }> {
  const filter: Record<string, string> = since ? { filter: `dateLastModified>'${since.toISOString()}'` } : {};
  for (let pass = 1; ; pass++) {
    let read = 0;
    let total: number | null = null;
    let moved = false;
    const seen = new Set<number>();
    for (;;) {
      const query = {
        limit: String(pageSize),
        offset: String(read),
        sort: 'sourcedId',
        orderBy: 'asc',
        ...filter,
      };
      const { body, headers } = await system.get(collection, query);
      const records = recordsOf(body, collection);
      const told = readTotal(headers['x-total-count']);
      moved ||= told !== null && total !== null && told !== total;
      total = told ?? total;
      if (read > (total ?? system.mostRecords)) break;
      const ids = records.map(({ sourcedId }) => shortHash(String(sourcedId)));
      // Some give everything at once and do not look at the offset: the same again, in any order, is the end.
      if (records.length === 0 || (ids.length >= read && ids.every((id) => seen.has(id)))) break;
      for (const id of ids) seen.add(id);
      for (const record of records) {
        read += 1;
        yield { line: read, row: flattenRecord(record) };
      }
      // Never by what was asked for: a system that gives fewer than the limit would be half read.
    }
    if (read > system.mostRecords) {
      throw new AppError(
        'SERVICE_UNAVAILABLE',
        `The school system gives more and more ${collection} and comes to no end. Nothing was changed.`,
      );
    }
    if (!moved && seen.size === read && (total ?? read) === read) return;
    if (pass < mostPasses) continue;
    // What comes twice every time is a habit of this system, and nothing has moved.
    if (!moved && (total ?? read) === read) return;
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      moved
        ? `The ${collection} of the school system changed again and again while they were read. Nothing was changed here; try again later.`
        : `The school system says it has ${total} ${collection} and gave ${read}. Nothing was changed; try again later.`,
    );
  }
}

/** 48 bits of an id: a million ids are kept apart in a third of the memory. Two that meet cost one more reading. */
function shortHash(id: string): number {
  return hash('sha1', id, 'buffer').readUIntBE(0, 6);
}

function readTotal(header: string | string[] | undefined): number | null {
  const total = Number(header ?? Number.NaN);
  return Number.isInteger(total) && total >= 0 ? total : null;
}

/** The list inside the envelope, whatever that is called: `users` may come as `students`, or bare. */
function recordsOf(body: unknown, collection: string): Record<string, unknown>[] {
  const found =
    Array.isArray(body) || body === null || typeof body !== 'object'
      ? body
      : collection in body
        ? Object.entries(body).find(([name]) => name === collection)?.[1]
        : Object.values(body).find(Array.isArray);
  if (found === null || found === undefined) {
    if (body !== null && typeof body === 'object' && collection in body) return [];
    throw new AppError('SERVICE_UNAVAILABLE', `The school system answers without a list of ${collection}.`);
  }
  if (!Array.isArray(found))
    throw new AppError('SERVICE_UNAVAILABLE', `The school system answers without a list of ${collection}.`);
  return found.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
}
