import { z } from 'zod';

/** What is odd or wrong about a row; the sentence names the place and never the value. */
export type RowProblem = { field: string | null; code: string; rejected: boolean; sentence: string };

/** A row as we keep it: `data` is compared with what the source said before, so it has no empty fields. */
export type RosterRecord = {
  entity: string;
  sourcedId: string;
  gone: boolean;
  data: Record<string, unknown>;
};

export type RawRow = Record<string, string>;

/** Roles that come with their person, as JSON; no cell of a file can be called so. */
export const rolesKey = '$roles';
const CarriedRolesZod = z.array(
  z.object({ org: z.string(), role: z.string(), begin: z.string(), end: z.string() }),
);

const idPattern = /^[0-9A-Za-z./@_:{}-]{1,255}$/;

/** The files we read, by the name inside the package, with what a row cannot do without. */
export const rosterFiles: Record<string, { entity: string; needs: string[] }> = {
  'orgs.csv': { entity: 'org', needs: ['name'] },
  'academicSessions.csv': { entity: 'session', needs: ['startdate', 'enddate'] },
  'courses.csv': { entity: 'course', needs: [] },
  'classes.csv': { entity: 'class', needs: ['title', 'schoolsourcedid'] },
  'users.csv': { entity: 'user', needs: [] },
  'roles.csv': { entity: 'role', needs: ['usersourcedid', 'role', 'orgsourcedid'] },
  'enrollments.csv': { entity: 'enrollment', needs: ['classsourcedid', 'usersourcedid', 'role'] },
};

const misspelt: Record<string, string> = {
  datalastmodified: 'datelastmodified',
  prefferedgivenname: 'preferredgivenname',
  termsourcedid: 'termsourcedids',
  orgsourcedid1: 'orgsourcedids',
};

/** A header cell as we look it up: case, blanks, underscores and the known misspellings do not matter. */
export function headerKey(cell: string): string {
  const key = cell.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
  return misspelt[key] ?? key;
}

/**
 * One row of a file as a record, with every complaint about it. A row that lacks what it needs gives no record.
 */
export function normaliseRow(
  file: string,
  row: RawRow,
): { record: RosterRecord | null; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const kind = rosterFiles[file];
  const text = (key: string) => row[key]?.trim() ?? '';
  const reject = (field: string, code: string, sentence: string) => {
    problems.push({ field, code, rejected: true, sentence });
    return { record: null, problems };
  };
  const sourcedId = text('sourcedid');
  if (!kind) return { record: null, problems };
  if (sourcedId === '') return reject('sourcedId', 'missing', 'The row has no sourcedId.');
  if (!idPattern.test(sourcedId)) {
    return reject('sourcedId', 'malformed', 'The sourcedId has characters that an id cannot have.');
  }
  const status = text('status').toLowerCase();
  const gone = status === 'tobedeleted' || status === 'inactive';
  if (!gone) {
    const lacking = kind.needs.find((key) => text(key) === '');
    if (lacking) return reject(lacking, 'missing', `The row has no ${lacking}, which it cannot do without.`);
  }
  const date = (key: string) => {
    const value = text(key);
    if (value === '') return undefined;
    const day = readDay(value);
    if (!day) {
      const sentence = `${key} is not a date such as 2026-08-31, so it was left empty.`;
      problems.push({ field: key, code: 'bad_date', rejected: false, sentence });
    }
    return day;
  };
  const some = (value: string) => (value === '' ? undefined : value);
  const list = (key: string) =>
    text(key)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .sort();
  const read: Record<string, () => Record<string, unknown>> = {
    org: () => ({
      name: text('name').slice(0, 100),
      kind: text('type').toLowerCase() || 'school',
      parent: some(text('parentsourcedid')),
    }),
    session: () => ({ begin: date('startdate'), end: date('enddate'), title: some(text('title')) }),
    course: () => ({ title: some(text('title')) }),
    class: () => ({
      title: text('title').slice(0, 100),
      code: some(text('classcode')),
      subject: some((list('subjects')[0] ?? '').slice(0, 100)),
      school: text('schoolsourcedid'),
      terms: list('termsourcedids'),
      course: some(text('coursesourcedid')),
    }),
    user: () => ({
      name: personName(text, sourcedId),
      email: some(text('email').toLowerCase()),
      username: some(text('username').slice(0, 100)),
      enabled: !['false', 'no', '0'].includes(text('enableduser').toLowerCase()),
      roles:
        row[rolesKey] === undefined
          ? rolesOfRow(text('role'), list('orgsourcedids'))
          : carriedRoles(row[rolesKey]),
    }),
    role: () => ({
      user: text('usersourcedid'),
      org: text('orgsourcedid'),
      role: roleKey(text('role')),
      begin: date('begindate'),
      end: date('enddate'),
    }),
    enrollment: () => ({
      class: text('classsourcedid'),
      user: text('usersourcedid'),
      role: roleKey(text('role')),
      begin: date('begindate'),
      end: date('enddate'),
    }),
  };
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(read[kind.entity]?.() ?? {})) {
    if (value !== undefined) data[key] = value;
  }
  return { record: { entity: kind.entity, sourcedId, gone, data }, problems };
}

function rolesOfRow(role: string, orgs: string[]) {
  return role === '' ? [] : orgs.map((org) => ({ org, role: roleKey(role) }));
}

/** In an order of their own: a school system may give them in another one each time. */
function carriedRoles(json: string) {
  return CarriedRolesZod.parse(JSON.parse(json))
    .filter(({ org, role }) => org !== '' && role !== '')
    .map(({ org, role, begin, end }) => {
      const [opens, closes] = [readDay(begin), readDay(end)];
      return { org, role: roleKey(role), ...(opens && { begin: opens }), ...(closes && { end: closes }) };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function roleKey(role: string): string {
  return role.toLowerCase().replaceAll(/[^a-z]/g, '');
}

function personName(text: (key: string) => string, sourcedId: string): string {
  const given = text('preferredgivenname') || text('preferredfirstname') || text('givenname');
  const family = text('preferredfamilyname') || text('preferredlastname') || text('familyname');
  return (`${given} ${family}`.trim() || text('username') || sourcedId).slice(0, 100);
}

/** `YYYY-MM-DD` (also at the head of a moment) or `M/D/YYYY`, as a day that exists. */
function readDay(value: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(value);
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(value);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : us ? [us[3], us[1], us[2]] : [];
  if (!year || !month || !day) return undefined;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text) ? text : undefined;
}
