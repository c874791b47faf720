import { z } from 'zod';

/** What is odd or wrong about a row; the sentence names the place and never the value. */
export type RowProblem = { field: string | null; code: string; rejected: boolean; sentence: string };

/** A row as we keep it: the JSON of `data` is compared with what the source said before, and has no empty fields. */
export type RosterRecord = {
  entity: string;
  sourcedId: string;
  gone: boolean;
  data: Record<string, unknown>;
};

/** Cells by {@link headerKey}, as PostgreSQL can hold them: without NUL and half characters. */
export type RawRow = Record<string, string>;

/** Roles that come with their person, as JSON; no cell of a file can be called so. */
export const rolesKey = '$roles';
const CarriedRolesZod = z.array(
  z.object({ org: z.string(), role: z.string(), begin: z.string(), end: z.string() }),
);

const idPattern = /^[0-9A-Za-z./@_:{}-]{1,255}$/;

/** The files we read, by the name inside the package, with what a row cannot do without, and which records it joins. */
export const rosterFiles: Record<string, { entity: string; needs: string[]; names?: string[] }> = {
  'orgs.csv': { entity: 'org', needs: ['name'] },
  'academicSessions.csv': { entity: 'session', needs: ['startdate', 'enddate'] },
  'courses.csv': { entity: 'course', needs: [] },
  'classes.csv': { entity: 'class', needs: ['title', 'schoolsourcedid'] },
  'users.csv': { entity: 'user', needs: [] },
  'roles.csv': {
    entity: 'role',
    needs: ['usersourcedid', 'role', 'orgsourcedid'],
    names: ['usersourcedid', 'orgsourcedid'],
  },
  'enrollments.csv': {
    entity: 'enrollment',
    needs: ['classsourcedid', 'usersourcedid', 'role'],
    names: ['classsourcedid', 'usersourcedid'],
  },
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
  const unfit = kind.names?.find((key) => text(key) !== '' && !idPattern.test(text(key)));
  if (unfit)
    return reject(unfit, 'malformed', `${unfit} has characters that an id cannot have, or too many.`);
  const cells = new RowCells(row, problems);
  const data = readers[kind.entity]?.(cells, sourcedId) ?? {};
  return { record: { entity: kind.entity, sourcedId, gone, data }, problems };
}

/** Of OneRoster 1.1 and 1.2, of people and enrolments, as {@link RowCells.role} writes them. */
const roles = new Set([
  'administrator',
  'aide',
  'counselor',
  'districtadministrator',
  'guardian',
  'parent',
  'principal',
  'proctor',
  'relative',
  'siteadministrator',
  'student',
  'systemadministrator',
  'teacher',
]);

/** A text of so many characters is kept whole. */
const mostCharacters = 255;

/** The beginning of a text. A character of two units that would be halved is left out: JSON with half a one cannot be stored. */
function cutText(text: string, most: number): string {
  const halved = (text.codePointAt(most - 1) ?? 0) > 0xffff;
  return text.slice(0, halved ? most - 1 : most);
}

/** The cells of one row, as what they mean; complaints go to `problems`. */
class RowCells {
  constructor(
    readonly row: RawRow,
    private readonly problems: RowProblem[],
  ) {}

  text(key: string): string {
    return this.row[key]?.trim() ?? '';
  }

  /** undefined for an empty cell, which JSON then leaves out */
  some(key: string, most = mostCharacters): string | undefined {
    const value = this.text(key);
    return value === '' ? undefined : cutText(value, most);
  }

  /** What names somebody among others is whole or not there: two that begin alike would become one. */
  identifier(key: string): string | undefined {
    const value = this.text(key);
    if (value.length <= mostCharacters) return value === '' ? undefined : value;
    const sentence = `${key} is longer than ${mostCharacters} characters, so it was left empty.`;
    this.problems.push({ field: key, code: 'too_long', rejected: false, sentence });
    return undefined;
  }

  /** What nobody knows gives no rights: undefined, with a complaint. */
  role(text = this.text('role')): string | undefined {
    const role = text.toLowerCase().replaceAll(/[^a-z]/g, '');
    if (roles.has(role)) return role;
    if (text !== '') {
      const sentence = 'OneRoster has no such role, so it gives no rights here.';
      this.problems.push({ field: 'role', code: 'unknown_role', rejected: false, sentence });
    }
    return undefined;
  }

  list(key: string): string[] {
    const value = this.text(key);
    if (value === '') return [];
    if (!value.includes(',')) return [value];
    return value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .sort();
  }

  date(key: string): string | undefined {
    const value = this.text(key);
    if (value === '') return undefined;
    const day = readDay(value);
    if (!day) {
      const sentence = `${key} is not a date such as 2026-08-31, so it was left empty.`;
      this.problems.push({ field: key, code: 'bad_date', rejected: false, sentence });
    }
    return day;
  }
}

const offWords = ['false', 'no', '0'];

/** What we keep of a row, by its kind. */
const readers: Record<string, (cells: RowCells, sourcedId: string) => Record<string, unknown>> = {
  org: (cells) => ({
    name: cells.some('name', 100),
    kind: cells.text('type').toLowerCase() || 'school',
    parent: cells.some('parentsourcedid'),
  }),
  session: (cells) => ({
    begin: cells.date('startdate'),
    end: cells.date('enddate'),
    title: cells.some('title'),
  }),
  course: (cells) => ({ title: cells.some('title') }),
  class: (cells) => ({
    title: cells.some('title', 100),
    code: cells.some('classcode'),
    subject: cutText(cells.list('subjects')[0] ?? '', 100) || undefined,
    school: cells.text('schoolsourcedid'),
    terms: cells.list('termsourcedids'),
    course: cells.some('coursesourcedid'),
  }),
  user: (cells, sourcedId) => ({
    name: personName(cells, sourcedId),
    email: cells.some('email')?.toLowerCase(),
    master: cells.identifier('usermasteridentifier'),
    // Links only: nobody gets an account for being somebody's parent.
    agents: cells.some('agentsourcedids') && cells.list('agentsourcedids'),
    // As the sign-in looks for it: accents as one character with their letter.
    username: cells.some('username', 100)?.normalize('NFC'),
    enabled: !offWords.includes(cells.text('enableduser').toLowerCase()),
    roles:
      cells.row[rolesKey] === undefined
        ? rolesOfRow(cells.role(), cells.list('orgsourcedids'))
        : carriedRoles(cells.row[rolesKey], cells),
  }),
  role: (cells) => ({
    user: cells.text('usersourcedid'),
    org: cells.text('orgsourcedid'),
    role: cells.role(),
    begin: cells.date('begindate'),
    end: cells.date('enddate'),
  }),
  enrollment: (cells) => ({
    class: cells.text('classsourcedid'),
    user: cells.text('usersourcedid'),
    role: cells.role(),
    begin: cells.date('begindate'),
    end: cells.date('enddate'),
  }),
};

function rolesOfRow(role: string | undefined, orgs: string[]) {
  return role === undefined ? [] : orgs.map((org) => ({ org, role }));
}

/** In an order of their own: a school system may give them in another one each time. */
function carriedRoles(json: string, cells: RowCells) {
  return CarriedRolesZod.parse(JSON.parse(json))
    .flatMap(({ org, role: said, begin, end }) => {
      const role = cells.role(said);
      if (org === '' || role === undefined) return [];
      const [opens, closes] = [readDay(begin), readDay(end)];
      return [{ org, role, ...(opens && { begin: opens }), ...(closes && { end: closes }) }];
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function personName(cells: RowCells, sourcedId: string): string {
  const given =
    cells.text('preferredgivenname') || cells.text('preferredfirstname') || cells.text('givenname');
  const family =
    cells.text('preferredfamilyname') || cells.text('preferredlastname') || cells.text('familyname');
  return cutText(`${given} ${family}`.trim() || cells.text('username') || sourcedId, 100);
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
