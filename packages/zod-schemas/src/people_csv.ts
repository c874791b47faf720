import { parse } from 'csv-parse/browser/esm/sync';
import { emailInput, usernameInput } from './auth.zod';
import type { GroupId, GroupRole } from './group.zod';
import { readKey, roleNames } from './role_names';
import { longestName } from './user.zod';

export type PersonRow = {
  /** of the file, counted from 1 with the head */
  line: number;
  name: string;
  email: string | undefined;
  /** of somebody who has no address, or besides it */
  username: string | undefined;
  groupId: GroupId;
  role: GroupRole;
};
export type RowProblem = {
  line: number;
  /** as the first line names it; null: it is the line, or the file, as a whole */
  column: 'name' | 'email' | 'username' | 'group' | 'role' | null;
  problem: string;
};
export type PeopleCsv = { rows: PersonRow[]; problems: RowProblem[] };

const mostRows = 2_000;

/** What a cell says, where it says anything. */
function optional(schema: typeof emailInput | typeof usernameInput, cell: string) {
  return schema.optional().safeParse(cell === '' ? undefined : cell);
}

/** Nothing of the file is taken. */
function refuseFile(problem: string): PeopleCsv {
  return { rows: [], problems: [{ line: 1, column: null, problem }] };
}

/**
 * What stands between the columns: German and French Excel write semicolons, others tabs. The head tells, whose words
 * have none of them; taking all three everywhere would break "Bell; Ada" in a file with commas.
 */
function readDelimiter(text: string): string {
  const head = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: head.split(mark).length }));
  return counts.sort((a, b) => b.count - a.count)[0]?.mark ?? ',';
}

/**
 * People out of a CSV file with a head: `name`, `group`, `role` and `email` or `username` or both, in any order; other
 * columns are left alone. Every row that cannot be used is named with its line, the column and why, and none of them stops the
 * others.
 * @param known addresses and user names that somebody has already, in small letters
 */
export function readPeopleCsv(
  text: string,
  groups: readonly { groupId: GroupId; name: string }[],
  known: ReadonlySet<string>,
): PeopleCsv {
  // The mark that stands where bytes were no UTF-8: names would be kept with it for good.
  if (text.includes('\ufffd')) {
    return refuseFile('Some letters of this file cannot be read. Save it once more, as “CSV UTF-8”.');
  }
  const lines: number[] = [];
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter: readDelimiter(text),
      on_record: (record: string[], context) => {
        lines.push(context.lines);
        return record;
      },
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuseFile(`This is not a CSV file: ${reason}`);
  }
  const head = records[0]?.map((cell) => cell.toLowerCase()) ?? [];
  const at = (column: string) => head.indexOf(column);
  const missing = ['name', 'group', 'role'].filter((column) => at(column) < 0);
  if (at('email') < 0 && at('username') < 0) missing.push('email or username');
  if (missing.length > 0) {
    return refuseFile(`The first line must name ${missing.join(', ')}.`);
  }
  const people = records.length - 1;
  if (people > mostRows) {
    return refuseFile(`The file has ${people} people; take at most ${mostRows} at once, or a roster.`);
  }
  const found: PeopleCsv = { rows: [], problems: [] };
  const seen = new Set(known);
  for (const [index, record] of records.slice(1).entries()) {
    const cell = (column: string) => record[at(column)] ?? '';
    const line = lines[index + 1] ?? 0;
    const email = optional(emailInput, cell('email'));
    const username = optional(usernameInput, cell('username'));
    const role = readKey(roleNames, cell('role'));
    const named = groups.filter(({ name }) => name.toLowerCase() === cell('group').toLowerCase());
    const group = named.length === 1 ? named[0] : undefined;
    const wrong = (column: RowProblem['column'], problem: string) =>
      found.problems.push({ line, column, problem });
    if (!cell('name')) wrong('name', 'The name is missing.');
    else if (cell('name').length > longestName) {
      const { length } = cell('name');
      wrong('name', `The name has ${length} letters; a name has ${longestName} at the most.`);
    } else if (!email.success) {
      wrong('email', `“${cell('email')}” is no e-mail address; leave it empty for somebody without one.`);
    } else if (!username.success) {
      const why = username.error.issues[0]?.message ?? '';
      wrong('username', `“${cell('username')}” cannot be a user name. ${why}`);
    } else if (email.data === undefined && username.data === undefined) {
      wrong(null, 'There is neither an e-mail address nor a user name to sign in by.');
    } else if (email.data !== undefined && seen.has(email.data)) {
      wrong('email', `Somebody has the address ${email.data} already.`);
    } else if (username.data !== undefined && seen.has(username.data)) {
      wrong('username', `Somebody has the user name ${username.data} already.`);
    } else if (!role) {
      wrong('role', `“${cell('role')}” is none of ${Object.values(roleNames).join(', ')}.`);
    } else if (!group) {
      wrong(
        'group',
        named.length > 1
          ? `Several groups are called “${cell('group')}”.`
          : `There is no group called “${cell('group')}” among those you look after.`,
      );
    } else {
      for (const taken of [email.data, username.data]) if (taken !== undefined) seen.add(taken);
      found.rows.push({
        line,
        name: cell('name'),
        email: email.data,
        username: username.data,
        groupId: group.groupId,
        role,
      });
    }
  }
  return found;
}
