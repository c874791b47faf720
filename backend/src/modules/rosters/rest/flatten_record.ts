import { toStorableText } from '../../../events/storable_text';
import { type RawRow, rolesKey } from '../normalise_row';

/** What a reference is called in a file. */
const references: Record<string, string> = {
  parent: 'parentsourcedid',
  org: 'orgsourcedid',
  orgs: 'orgsourcedids',
  school: 'schoolsourcedid',
  course: 'coursesourcedid',
  terms: 'termsourcedids',
  class: 'classsourcedid',
  user: 'usersourcedid',
  agents: 'agentsourcedids',
};

/**
 * A record of the REST binding as a row of a file. References are read by their `sourcedId` and never by their
 * `href`, which may be relative, wrong or missing; nulls are empty cells.
 */
export function flattenRecord(record: Record<string, unknown>): RawRow {
  const row: RawRow = {};
  for (const [name, value] of Object.entries(record)) {
    if (value === null || name === 'metadata') continue;
    const key = references[name] ?? name.toLowerCase();
    if (name === 'roles') row[rolesKey] = JSON.stringify(readRoles(value));
    else row[key] = Array.isArray(value) ? value.map(readCell).filter(Boolean).join(',') : readCell(value);
  }
  return row;
}

/** Text as it can be stored, numbers and booleans as text, a reference as the id it names. */
function readCell(value: unknown): string {
  if (typeof value === 'string') return toStorableText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null && 'sourcedId' in value) return readCell(value.sourcedId);
  return '';
}

/** The roles a 1.2 user carries, which a package has in a file of its own. */
function readRoles(value: unknown): Record<string, string>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null) return [];
    const cell = (name: string) => readCell(Object.entries(each).find(([key]) => key === name)?.[1]);
    return [{ org: cell('org'), role: cell('role'), begin: cell('beginDate'), end: cell('endDate') }];
  });
}
