import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** About so many enrolments, the same for the same seed; `day` 2 differs from 1 in one of two hundred records. */
export type DistrictInput = { enrolments: number; seed: number; day: 1 | 2 };

type Table = { header: string[]; rows(): Generator<string[]> };

const common = ['sourcedId', 'status', 'dateLastModified'];

/** A number from 0 up to `below`, by what it is for and not by what was drawn before. */
function draw(below: number, ...keys: number[]): number {
  let hash = 0x811c9dc5;
  for (const key of keys) {
    hash = Math.imul(hash ^ key, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return (hash >>> 0) % below;
}

/**
 * A district in OneRoster 1.1 with the proportions of a real one: seven enrolments for a pupil, twenty-one in a
 * class. Rows are made as they are asked for, so a million take no memory.
 */
function makeDistrict({ enrolments, seed, day }: DistrictInput): Record<string, Table> {
  const schools = Math.max(2, Math.round(enrolments / 20_000));
  const pupils = Math.max(20, Math.round(enrolments / 7.4));
  const ofSchool = Math.max(9, Math.round(enrolments / 21 / schools));
  const classes = ofSchool * schools;
  /** one in two hundred, on the second day only */
  const changes = (...keys: number[]) => day === 2 && draw(200, seed, ...keys) === 0;
  const student = (pupil: number) => [`p${pupil}`, '', ''];

  return {
    orgs: {
      header: [...common, 'name', 'type', 'identifier', 'parentSourcedId'],
      *rows() {
        yield ['district', '', '', 'Generated district', 'district', '', ''];
        for (let at = 0; at < schools; at++)
          yield [`s${at}`, '', '', `School ${at}`, 'school', `${at}`, 'district'];
      },
    },
    academicSessions: {
      header: [...common, 'title', 'type', 'startDate', 'endDate', 'parentSourcedId', 'schoolYear'],
      *rows() {
        yield ['year', '', '', 'Year', 'schoolYear', '2020-08-01', '2090-07-31', '', '2090'];
      },
    },
    courses: {
      header: [...common, 'schoolYearSourcedId', 'title', 'courseCode', 'grades', 'orgSourcedId'],
      *rows() {
        for (let at = 0; at < 40; at++)
          yield [`course${at}`, '', '', 'year', `Course ${at}`, `C${at}`, '', 'district'];
      },
    },
    classes: {
      header: [
        ...common,
        ...['title', 'grades', 'courseSourcedId', 'classCode', 'classType', 'location', 'schoolSourcedId'],
        'termSourcedIds',
      ],
      *rows() {
        for (let at = 0; at < classes; at++) {
          const title = `${1 + draw(12, seed, 3, at)}${'ABCD'[draw(4, seed, 4, at)]} Course ${draw(40, seed, 5, at)} (${at})`;
          const course = `course${draw(40, seed, 5, at)}`;
          yield [
            ...[`c${at}`, '', '', changes(6, at) ? `${title} changed` : title, '', course],
            ...[`K${at}`, 'scheduled', `Room ${draw(90, seed, 7, at)}`, `s${at % schools}`, 'year'],
          ];
        }
      },
    },
    users: {
      header: [
        ...common,
        ...['enabledUser', 'orgSourcedIds', 'role', 'username', 'userIds', 'givenName', 'familyName'],
        ...['middleName', 'identifier', 'email', 'sms', 'phone', 'agentSourcedIds', 'grades', 'password'],
      ],
      *rows() {
        const rest = ['', '', '', '', ''];
        for (let at = 0; at < classes; at++) {
          const id = `t${at}`;
          const mail = `${id}@district.example`;
          yield [
            ...[id, '', '', 'true', `s${at % schools}`, 'teacher', id, ''],
            ...['Teacher', `Name ${at}`, '', `${at}`, mail, ...rest],
          ];
        }
        for (let at = 0; at < pupils; at++) {
          const given = changes(8, at) ? 'Renamed' : `Given ${draw(900, seed, 9, at)}`;
          yield [
            ...[...student(at), 'true', `s${at % schools}`, 'student', `p${at}`, '', given],
            ...[`Family ${draw(9_000, seed, 10, at)}`, '', `${at}`, `p${at}@district.example`, ...rest],
          ];
        }
      },
    },
    enrollments: {
      header: [
        ...common,
        ...['classSourcedId', 'schoolSourcedId', 'userSourcedId', 'role', 'primary', 'beginDate', 'endDate'],
      ],
      *rows() {
        for (let at = 0; at < classes; at++) {
          yield [`et${at}`, '', '', `c${at}`, `s${at % schools}`, `t${at}`, 'teacher', 'true', '', ''];
        }
        for (let at = 0; at < enrolments - classes; at++) {
          const [pupil, slot] = [at % pupils, Math.floor(at / pupils)];
          const school = pupil % schools;
          // A changed one ends, and another in another class takes its place.
          const moved = changes(11, at);
          const place = (draw(ofSchool, seed, 12, pupil) + slot + (moved ? 8 : 0)) % ofSchool;
          yield [
            ...[moved ? `e${at}-2` : `e${at}`, '', '', `c${school + schools * place}`, `s${school}`],
            ...[`p${pupil}`, 'student', '', '', ''],
          ];
        }
      },
    },
  };
}

/** Writes the files of a district, manifest included, into a folder. @returns their names and how many rows */
export async function writeDistrict(
  folder: string,
  input: DistrictInput,
): Promise<{ name: string; columns: number; rows: number }[]> {
  const written: { name: string; columns: number; rows: number }[] = [];
  const manifest: Table = {
    header: ['propertyName', 'value'],
    *rows() {
      yield ['oneroster.version', '1.1'];
      for (const name of Object.keys(tables)) yield [`file.${name}`, 'bulk'];
    },
  };
  const tables = makeDistrict(input);
  for (const [name, { header, rows }] of Object.entries({ manifest, ...tables })) {
    let count = 0;
    function* lines() {
      let batch = csvLine(header);
      for (const row of rows()) {
        count += 1;
        batch += csvLine(row);
        if (batch.length < 64_000) continue;
        yield batch;
        batch = '';
      }
      yield batch;
    }
    await pipeline(Readable.from(lines()), createWriteStream(path.join(folder, `${name}.csv`)));
    written.push({ name: `${name}.csv`, columns: header.length, rows: count });
  }
  return written;
}

function csvLine(row: string[]): string {
  return `${row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
