export type Feed = Record<'orgs' | 'academicSessions' | 'classes' | 'users' | 'enrollments', string[][]>;

const headers: Feed = {
  orgs: [['sourcedId', 'status', 'dateLastModified', 'name', 'type', 'identifier', 'parentSourcedId']],
  academicSessions: [['sourcedId', 'status', 'dateLastModified', 'title', 'type', 'startDate', 'endDate']],
  classes: [
    ['sourcedId', 'status', 'dateLastModified', 'title', 'classCode', 'schoolSourcedId', 'termSourcedIds'],
  ],
  users: [
    [
      'sourcedId',
      'status',
      'dateLastModified',
      'enabledUser',
      'orgSourcedIds',
      'role',
      'username',
      'givenName',
      'familyName',
      'email',
    ],
  ],
  enrollments: [
    [
      'sourcedId',
      'status',
      'dateLastModified',
      'classSourcedId',
      'schoolSourcedId',
      'userSourcedId',
      'role',
      'beginDate',
      'endDate',
    ],
  ],
};

/** A district with two schools, a class for every ten pupils and one teacher each; the same for the same numbers. */
export function makeFeed(pupils: number): Feed {
  const feed: Feed = {
    orgs: [
      ['s2', '', '', 'South School', 'school', '', 'd1'],
      ['s1', '', '', 'North School', 'school', '', 'd1'],
      ['d1', '', '', 'Riverside', 'district', '', ''],
    ],
    academicSessions: [['t1', '', '', 'Year', 'schoolYear', '2020-08-01', '2090-07-31']],
    classes: [],
    users: [],
    enrollments: [],
  };
  for (let at = 0; at < pupils; at += 1) {
    const class_ = `c${Math.floor(at / 10)}`;
    const school = Math.floor(at / 10) % 2 ? 's2' : 's1';
    if (at % 10 === 0) {
      const teacher = `t-${class_}`;
      feed.classes.push([class_, '', '', 'Mathematics', `M${class_}`, school, 't1']);
      feed.users.push([
        teacher,
        '',
        '',
        'true',
        school,
        'teacher',
        teacher,
        'Tea',
        class_,
        `${teacher}@feed.example`,
      ]);
      feed.enrollments.push([`e-${teacher}`, '', '', class_, school, teacher, 'teacher', '', '']);
    }
    feed.users.push([`p${at}`, '', '', 'true', school, 'student', `p${at}`, 'Pu', `Pil ${at}`, '']);
    feed.enrollments.push([`e${at}`, '', '', class_, school, `p${at}`, 'student', '', '']);
  }
  return feed;
}

/** The files of a feed; `delta` names those the manifest calls delta. */
export function feedFiles(feed: Partial<Feed>, delta: string[] = []): Record<string, string> {
  const manifest = [
    ['propertyName', 'value'],
    ['oneroster.version', '1.1'],
  ];
  const files: Record<string, string> = {};
  for (const name of ['orgs', 'academicSessions', 'classes', 'users', 'enrollments'] as const) {
    const rows = feed[name];
    manifest.push([`file.${name}`, rows ? (delta.includes(name) ? 'delta' : 'bulk') : 'absent']);
    if (rows) files[`${name}.csv`] = csv([...headers[name], ...rows]);
  }
  return { 'manifest.csv': csv(manifest), ...files };
}

function csv(rows: string[][]): string {
  return rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');
}
