import { chownSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import type { Place } from './choose_place';
import { removeForeignPostmasterFile } from './postmaster_file';
import { runProgram } from './run_program';

/**
 * An eighth of the memory, between 128 MB and 1 GB: the indexes of a school should stay in it while a roster changes
 * them here and there, and a small machine needs the rest for itself.
 */
const bufferMegabytes = Math.min(1024, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));

const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  wal_level: 'logical',
  shared_buffers: `${bufferMegabytes}MB`,
  // A first roster writes a few GB: at the default of one it would be interrupted every few seconds to write it all out.
  max_wal_size: '4GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A failed statement goes back to whoever sent it; in the server's log it would leave pupils' data behind.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

const maxLogBytes = 10_000_000;

/** Says whether a server runs that will not fail at once; who needs more waits for it with words of their own. */
const firstSeconds = '3';

/**
 * Starts the server on a port: when this is over it takes connections, or works at its recovery after a crash.
 * pg_ctl gives it a session of its own, so no signal of our terminal reaches it.
 * @throws with what pg_ctl and the server's log say
 */
export async function launchServer(
  place: Place,
  port: number,
  settings: Record<string, string>,
): Promise<void> {
  const dataDirectory = path.join(place.clusterDir, 'data');
  const logFile = path.join(place.clusterDir, 'server.log');
  prepareLog(place, logFile);
  removeForeignPostmasterFile(dataDirectory);
  const words = Object.entries({ ...baseSettings, port: String(port), ...settings }).map(([name, value]) => {
    // pg_ctl hands these to a shell.
    if (!/^\w+$/.test(name) || !/^[\w.,:/-]*$/.test(value))
      throw new Error(`Unusable server setting "${name}".`);
    return `-c ${name}=${value}`;
  });
  const logStart = statSync(logFile).size;
  try {
    await runProgram(
      place.binaries.pgCtl,
      ['start', '-D', dataDirectory, '-l', logFile, '-w', '-t', firstSeconds, '-o', words.join(' ')],
      { account: place.account, cwd: dataDirectory },
    );
  } catch (cause) {
    if (String(cause).includes('server did not start in time')) return;
    const log = readFileSync(logFile).subarray(logStart).toString('utf8').trim();
    throw new Error(`PostgreSQL did not start. ${log || String(cause)}`, { cause });
  }
}

/** Stops the server at once but cleanly (SIGINT: sessions are ended, nothing committed is lost) and waits for its end. */
export async function stopServer(place: Place): Promise<void> {
  const dataDirectory = path.join(place.clusterDir, 'data');
  try {
    await runProgram(place.binaries.pgCtl, ['stop', '-D', dataDirectory, '-m', 'fast', '-w', '-t', '60'], {
      account: place.account,
      cwd: dataDirectory,
    });
  } catch (error) {
    // It was gone already.
    if (existsSync(path.join(dataDirectory, 'postmaster.pid'))) throw error;
  }
}

function prepareLog(place: Place, logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > maxLogBytes) renameSync(logFile, `${logFile}.old`);
  if (size !== undefined && size <= maxLogBytes) return;
  writeFileSync(logFile, '', { mode: 0o600 });
  if (place.account) chownSync(logFile, place.account.uid, place.account.gid);
}
