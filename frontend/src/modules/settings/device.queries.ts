import type { LocalDb } from '../../local_db/local_db';
import { describeEdit } from './describe_edit';

export type Holdings = {
  classes: number;
  people: number;
  tools: number;
  versions: number;
  assignments: number;
  chats: number;
  messages: number;
  runs: number;
  drafts: number;
};

/** How much of everything this device holds. */
export async function readHoldings(db: LocalDb): Promise<Holdings> {
  const [classes, people, tools, versions, assignments, chats, messages, runs, drafts] = await Promise.all([
    db.classes.count(),
    db.users.count(),
    db.tools.count(),
    db.toolVersions.count(),
    db.assignments.count(),
    db.chatSessions.count(),
    db.messages.count(),
    db.runs.count(),
    db.drafts.count(),
  ]);
  return { classes, people, tools, versions, assignments, chats, messages, runs, drafts };
}

/** The sentences for queue entries or refusals, by their key. */
export async function readSentences(
  db: LocalDb,
  entries: readonly { key: string; name: string; args: unknown }[],
): Promise<Map<string, string>> {
  const pairs = await Promise.all(
    entries.map(async ({ key, name, args }) => [key, await describeEdit(db, name, args)] as const),
  );
  return new Map(pairs);
}
