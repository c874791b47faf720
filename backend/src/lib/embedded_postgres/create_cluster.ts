import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Place } from './choose_place';
import { runProgram } from './run_program';

/**
 * Makes the database's files and its two passwords, unless they exist. Everything is made under another name
 * and renamed into place when complete, so that an interrupted first start, or two at once, leave one whole
 * cluster together with the credentials that belong to it.
 */
export async function createCluster({ clusterDir, binaries, account }: Place): Promise<void> {
  if (existsSync(clusterDir)) return;
  mkdirSync(path.dirname(clusterDir), { recursive: true });
  const unfinished = mkdtempSync(`${clusterDir}.unfinished-`);
  const dataDirectory = path.join(unfinished, 'data');
  const logFile = path.join(unfinished, 'server.log');
  const passwordFile = path.join(unfinished, 'password');
  const superuserPassword = randomBytes(24).toString('hex');
  const ownerPassword = randomBytes(24).toString('hex');

  mkdirSync(dataDirectory);
  // The account passes through to its data; what else lies here is closed to it file by file.
  chmodSync(unfinished, 0o755);
  chmodSync(dataDirectory, 0o700);
  writeFileSync(logFile, '', { mode: 0o600 });
  writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
  writeFileSync(
    path.join(unfinished, 'credentials.json'),
    JSON.stringify({ superuserPassword, ownerPassword }),
    {
      mode: 0o600,
    },
  );
  if (account) {
    for (const file of [dataDirectory, logFile, passwordFile]) chownSync(file, account.uid, account.gid);
  }

  try {
    // The built-in locale sorts by code point and is the same on every machine, so an index stays valid when
    // the data moves to another operating system or C library.
    await runProgram(
      binaries.initdb,
      [
        `--pgdata=${dataDirectory}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { account, cwd: unfinished },
    );
    rmSync(passwordFile);
    renameSync(unfinished, clusterDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another start was quicker: its cluster is the one we use.
    if (!existsSync(clusterDir)) throw error;
  }
}
