import { type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import type { z } from 'zod';
import type { LocalDb } from '../../local_db/local_db';

type Parsed<N extends EditName> = z.output<(typeof editInputs)[N]>;
type Feature = EditName extends `${infer F}.${string}` ? F : never;
type Describer = { [N in EditName]: (db: LocalDb, args: Parsed<N>) => Promise<string> };

async function className(db: LocalDb, classId: string): Promise<string> {
  return (await db.classes.get(classId))?.name ?? 'a class';
}

async function toolName(db: LocalDb, toolId: string): Promise<string> {
  return quote((await db.tools.get(toolId))?.name ?? 'a tool');
}

async function chatName(db: LocalDb, chatSessionId: string): Promise<string> {
  const session = await db.chatSessions.get(chatSessionId);
  const assignment = session?.assignmentId ? await db.assignments.get(session.assignmentId) : undefined;
  const version = session ? await db.toolVersions.get(session.toolVersionId) : undefined;
  return quote(assignment?.title ?? version?.name ?? 'a chat');
}

async function formName(db: LocalDb, toolVersionId: string, assignmentId: string | null): Promise<string> {
  const assignment = assignmentId ? await db.assignments.get(assignmentId) : undefined;
  const version = await db.toolVersions.get(toolVersionId);
  return quote(assignment?.title ?? version?.name ?? 'of a tool');
}

async function groupName(db: LocalDb, groupId: GroupId): Promise<string> {
  return quote((await db.groups.get(groupId))?.name ?? 'a group');
}

function quote(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  return `“${oneLine.length > 60 ? `${oneLine.slice(0, 59)}…` : oneLine}”`;
}

/** One line of an author's YAML is enough to know which save it was. */
function nameInYaml(yaml: string): string {
  return quote(/^name[ \t]*:[ \t]*["']?(.+?)["']?[ \t]*$/m.exec(yaml)?.[1] ?? 'a tool');
}

const describers: Describer = {
  'classes.create': async (_db, { name }) => `Make the class ${quote(name)}`,
  'classes.update': async (db, { classId }) => `Change ${await className(db, classId)}`,
  'classes.archive': async (db, { classId, archived }) =>
    `${archived ? 'Archive' : 'Bring back'} ${await className(db, classId)}`,
  'classes.addMember': async (db, { classId, userId }) =>
    `Add ${(await db.users.get(userId))?.name ?? 'a person'} to ${await className(db, classId)}`,
  'classes.removeMember': async () => 'Remove a person from a class',
  'groups.create': async (_db, { name }) => `Make the group ${quote(name)}`,
  'groups.update': async (db, { groupId }) => `Change ${await groupName(db, groupId)}`,
  'groups.move': async (db, { groupId, parentGroupId }) =>
    `Move ${await groupName(db, groupId)} into ${await groupName(db, parentGroupId)}`,
  'groups.archive': async (db, { groupId, archived }) =>
    `${archived ? 'Archive' : 'Bring back'} ${await groupName(db, groupId)}`,
  'groups.setMember': async (db, { groupId, userId }) =>
    `Change what ${(await db.users.get(userId))?.name ?? 'a person'} is in ${await groupName(db, groupId)}`,
  'groups.removeMember': async () => 'Take a person out of a group',
  'tools.save': async (_db, { yaml }) => `Save the draft of ${nameInYaml(yaml)}`,
  'tools.publish': async (db, { toolId }) => `Publish ${await toolName(db, toolId)}`,
  'tools.archive': async (db, { toolId, archived }) =>
    `${archived ? 'Archive' : 'Bring back'} ${await toolName(db, toolId)}`,
  'assignments.create': async (db, { title, classId }) =>
    `Assign ${quote(title)} to ${await className(db, classId)}`,
  'assignments.update': async (db, { assignmentId, title }) =>
    `Change ${quote(title ?? (await db.assignments.get(assignmentId))?.title ?? 'an assignment')}`,
  'assignments.remove': async (db, { assignmentId, removed }) => {
    const title = (await db.assignments.get(assignmentId))?.title;
    return `${removed ? 'Take back' : 'Bring back'} ${title ? quote(title) : 'an assignment'}`;
  },
  'chat.start': async (db, { chatSessionId }) => `Begin ${await chatName(db, chatSessionId)}`,
  'chat.send': async (_db, { text }) => `Send ${quote(text)}`,
  'chat.retry': async () => 'Ask again for an answer',
  'chat.regenerate': async () => 'Ask for another answer',
  'chat.continue': async () => 'Let an answer go on',
  'chat.pause': async (db, { chatSessionId, paused }) =>
    `${paused ? 'Pause' : 'Go on with'} ${await chatName(db, chatSessionId)}`,
  'chat.complete': async (db, { chatSessionId }) => `Finish ${await chatName(db, chatSessionId)}`,
  'chat.hide': async (db, { chatSessionId, hidden }) =>
    `${hidden ? 'Put away' : 'Bring back'} ${await chatName(db, chatSessionId)}`,
  'chat.recordView': async (db, { chatSessionId }) =>
    `Record that you read ${await chatName(db, chatSessionId)}`,
  'hooks.acknowledge': async () => 'Note that you have seen an alert',
  'products.run': async (db, { toolVersionId, assignmentId }) =>
    `Send the form ${await formName(db, toolVersionId, assignmentId)}`,
  'products.retry': async () => 'Ask again for a result',
  'products.hide': async (_db, { hidden }) => `${hidden ? 'Put away' : 'Bring back'} a result`,
  'products.recordView': async () => 'Record that you read a result',
};

/** What can still be said of an edit whose arguments are those of another app, or were not kept here. */
const things: Record<Feature, string> = {
  classes: 'a class',
  groups: 'a group',
  tools: 'a tool',
  assignments: 'an assignment',
  chat: 'a chat',
  hooks: 'an alert',
  products: 'a form',
};

async function describe<N extends EditName>(db: LocalDb, name: N, args: unknown): Promise<string> {
  const parsed = editInputs[name].safeParse(args);
  return parsed.success
    ? describers[name](db, parsed.data as Parsed<N>)
    : `A change to ${things[name.split('.', 1)[0] as Feature]}`;
}

/** An edit as a sentence without a full stop, for the queue and the list of what was not saved. */
export async function describeEdit(db: LocalDb, name: string, args: unknown): Promise<string> {
  return Object.hasOwn(editInputs, name)
    ? describe(db, name as EditName, args)
    : 'A change this app does not know';
}

/** What can be copied out of an edit that was refused: the words somebody wrote. */
export function wordsOfEdit(name: string, args: unknown): string | null {
  if (name === 'chat.send') return editInputs['chat.send'].safeParse(args).data?.text ?? null;
  if (name === 'tools.save') return editInputs['tools.save'].safeParse(args).data?.yaml ?? null;
  if (name === 'products.run') {
    const input = editInputs['products.run'].safeParse(args).data?.input;
    return input ? JSON.stringify(input, null, 2) : null;
  }
  if (name === 'assignments.create') {
    return editInputs['assignments.create'].safeParse(args).data?.instructions ?? null;
  }
  return null;
}
