import type { Feed } from '../../../backend/src/modules/rosters/test/make_feed';
import { dice } from './dice';

const names = ['Ada', 'Ben', 'Cleo', 'Dov', 'Eve', 'Fay'];
const roles = ['student', 'student', 'student', 'teacher', 'parent', 'principal'];

/**
 * A small feed full of trouble. The second day has most of the first, with records gone, new and changed: usernames
 * and addresses change hands, schools move, dates open and close.
 */
export function planFeed(seed: number, day: 1 | 2): Feed {
  const base = dice(seed);
  const later = dice(seed * 7 + 1);
  const changes = (count: number) => day === 2 && later.oneIn(count);
  const feed: Feed = { orgs: [], academicSessions: [], classes: [], users: [], enrollments: [] };
  const [orgs, classes, users] = [3 + base.below(4), 4 + base.below(6), 15 + base.below(25)];
  const org = () => `o${base.below(orgs + 1)}`;

  for (let at = 0; at < orgs; at++) {
    const parent = base.oneIn(3) ? '' : `o${base.below(orgs)}`;
    const row = [`o${at}`, '', '', `Org ${base.below(3)}`, 'school', '', parent];
    if (changes(6)) continue;
    feed.orgs.push(changes(4) ? row.with(6, `o${later.below(orgs)}`) : row);
  }
  for (let at = 0; at < 3; at++) {
    const year = 2018 + base.below(8);
    const ends = changes(3) ? '2019-01-01' : `${year + 2 + base.below(60)}-06-30`;
    feed.academicSessions.push([`t${at}`, '', '', 'Term', 'term', `${year}-08-01`, ends]);
  }
  for (let at = 0; at < classes; at++) {
    const terms = base.oneIn(4) ? '' : `t${base.below(3)},t${base.below(4)}`;
    const row = [`c${at}`, '', '', `Class ${base.below(4)}`, `K${at}`, org(), terms];
    if (changes(6)) continue;
    feed.classes.push(changes(4) ? row.with(3, `Class ${later.below(4)}`) : row);
  }
  for (let at = 0; at < users; at++) {
    const role = roles[base.below(roles.length)] ?? 'student';
    const row = [
      ...[`u${at}`, '', '', base.oneIn(8) ? 'false' : 'true', org(), role],
      ...[`name${base.below(users)}`, names[base.below(names.length)] ?? '', `F${at}`],
      base.oneIn(3) ? '' : `mail${base.below(users)}@feed.example`,
    ];
    if (changes(8)) continue;
    const renamed = changes(4) ? row.with(6, `name${later.below(users)}`) : row;
    feed.users.push(changes(4) ? renamed.with(9, `mail${later.below(users)}@feed.example`) : renamed);
  }
  for (let at = 0; at < users * 3; at++) {
    const begin = base.oneIn(6) ? `20${10 + base.below(70)}-01-01` : '';
    const end = base.oneIn(6) ? `20${10 + base.below(70)}-01-01` : '';
    const role = base.oneIn(6) ? 'teacher' : 'student';
    const user = `u${base.below(users + 2)}`;
    const row = [`e${at}`, '', '', `c${base.below(classes + 1)}`, 'o0', user, role, begin, end];
    if (changes(7)) continue;
    feed.enrollments.push(changes(5) ? row.with(3, `c${later.below(classes + 1)}`) : row);
  }
  // Rows without an id are left out, each with its reason; a row that comes twice counts once.
  feed.users.push(['no id!', '', '', 'true', 'o0', 'student', 'x', 'X', 'Y', '']);
  for (const rows of [feed.users, feed.enrollments]) {
    const [row] = rows;
    if (row) rows.push(row);
  }
  return feed;
}

/** What a school system would send on the second day if it sent only what has changed. */
export function deltaOf(first: Feed, second: Feed): Feed {
  const rowsOf = (name: keyof Feed) => {
    const before = new Map(first[name].map((row) => [row[0], JSON.stringify(row)]));
    const now = new Set(second[name].map(([id]) => id));
    return [
      ...second[name].filter((row) => before.get(row[0]) !== JSON.stringify(row)),
      ...first[name].filter(([id]) => !now.has(id)).map((row) => row.with(1, 'tobedeleted')),
    ];
  };
  return {
    orgs: rowsOf('orgs'),
    academicSessions: rowsOf('academicSessions'),
    classes: rowsOf('classes'),
    users: rowsOf('users'),
    enrollments: rowsOf('enrollments'),
  };
}
