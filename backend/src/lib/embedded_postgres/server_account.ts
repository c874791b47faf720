import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** The account PostgreSQL runs under when it is not our own. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * Chooses the account for the server: `undefined` means our own. PostgreSQL refuses to run as root, so root
 * lends it the account that already owns the data, or else `postgres`, or else `nobody`.
 * @param dataDirectory the database's files, which may not exist yet
 */
export function chooseServerAccount(dataDirectory: string): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined && Number(uid) > 0)
      return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor a user "nobody". ' +
      'Start Raptscallions as an ordinary user, or set DATABASE_URL.',
  );
}

/** Tells by trying, so that modes, groups and access lists all count, whether the account can enter a folder. */
export function canEnter(folder: string, account: ServerAccount): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0;
}

/** Tells by trying whether the account can run a program together with the libraries beside it. */
export function canRun(program: string, account: ServerAccount): boolean {
  return spawnSync(program, ['--version'], { ...account, cwd: '/' }).status === 0;
}
