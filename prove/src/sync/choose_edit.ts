import type { EditArgs, EditName } from '@raptscallions/zod-schemas/edit.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import type { Device } from './device';
import type { Ledger, PlannedEdit } from './ledger';
import type { EditKind, Operation } from './operations';
import { pick } from './pick';
import { type School, toolYaml } from './school';

/** A person at a device who is about to do something. */
class Desk {
  /** stands in what is written, and nowhere else */
  readonly token: string;

  constructor(
    readonly school: School,
    readonly ledger: Ledger,
    readonly devices: readonly Device[],
    readonly choice: number,
    readonly person: number,
  ) {
    this.token = `<${ledger.edits.length}>`;
  }

  /** One of the devices at which one of these people sits; undefined when none does. */
  at(...people: string[]): Device | undefined {
    const fit = this.devices.filter(({ person }) => people.includes(person.userId));
    return fit.length === 0 ? undefined : pick(fit, this.person);
  }

  /** One of the edits of this name that were made and kept here before. */
  earlier(device: Device | undefined, name: EditName): PlannedEdit | undefined {
    const own = this.ledger.edits.filter(
      (edit) =>
        edit.device === device &&
        edit.userId === device.person.userId &&
        edit.name === name &&
        edit.state === 'stored',
    );
    return own.length === 0 ? undefined : pick(own, this.choice);
  }

  /** A class of the school, and an assignment that is, or has once been, given. */
  get classId(): RichId<'class'> {
    return pick(this.school.classes, this.choice);
  }
  get assignmentId(): RichId<'assignment'> {
    const made = this.ledger.edits.flatMap(({ name, shows }) =>
      name === 'assignments.create' && shows ? [shows.id as RichId<'assignment'>] : [],
    );
    return pick([...this.school.assignments, ...made], this.choice);
  }
}

type Traces = Partial<Omit<PlannedEdit, 'device' | 'name' | 'make'>> & { token: string };

function plan<N extends EditName>(
  device: Device | undefined,
  name: N,
  args: EditArgs<N>,
  traces: Traces,
): PlannedEdit | undefined {
  if (!device) return undefined;
  const none = { shows: null, about: null, needs: [], hides: null, leaves: null };
  return { ...none, ...traces, device, name, make: (engine) => engine.edit(name, args) };
}

const shownIn = (table: SyncTableName, id: RichId, column: string) => ({ table, id, column });

function saveTool(
  desk: Desk,
  device: Device | undefined,
  ids: { toolId: RichId<'tool'>; toolVersionId: RichId<'toolversion'> },
): PlannedEdit | undefined {
  const { token, choice, school } = desk;
  const groupId = school.groups[choice < 0.8 ? 0 : 1];
  // Few names, so that some cannot be published beside their twins.
  const yaml = toolYaml(`Tool ${Math.floor(choice * 4)}`, `draft ${token}`);
  return plan(
    device,
    'tools.save',
    { ...ids, groupId, yaml },
    {
      token,
      about: ids.toolId,
      shows: shownIn('toolSources', ids.toolVersionId, 'yaml'),
    },
  );
}

function createClass(desk: Desk, device: Device | undefined): PlannedEdit | undefined {
  const classId = newId('class');
  const args = { classId, groupId: desk.school.groups[0], name: `made ${desk.token}` };
  return plan(device, 'classes.create', args, {
    token: desk.token,
    shows: shownIn('classes', classId, 'name'),
  });
}

function createAssignment(desk: Desk, device: Device | undefined): PlannedEdit | undefined {
  const { token, classId, school } = desk;
  const assignmentId = newId('assignment');
  const draft = desk.earlier(device, 'tools.save');
  const own =
    draft?.shows && draft.about
      ? { toolId: draft.about as RichId<'tool'>, toolVersionId: draft.shows.id as RichId<'toolversion'> }
      : undefined;
  // An own one may not be published yet; everybody's is not the school's to give.
  const tool = pick([own ?? school.tools[0], school.tools[0], school.tools[1]], desk.choice);
  const args = { assignmentId, classId, ...tool, title: `work ${token}` };
  const key = `assignments ${assignmentId}`;
  return plan(device, 'assignments.create', args, {
    token,
    shows: shownIn('assignments', assignmentId, 'title'),
    // Whoever leaves the class no longer sees it.
    hides: key,
  });
}

/** Of one's own chat: it is put away, or over. */
function closeChat(desk: Desk, how: 'hide' | 'complete'): PlannedEdit | undefined {
  const { school } = desk;
  const device = desk.at(school.pupil, school.neighbour, school.teacher);
  const chat = desk.earlier(device, 'chat.start')?.shows;
  if (!device || !chat) return;
  const chatSessionId = chat.id as RichId<'chat'>;
  const name = `chat.${how}` as const;
  if (desk.ledger.edits.some((edit) => edit.name === name && edit.token === chatSessionId)) return;
  const traces = {
    token: chatSessionId,
    hides: how === 'hide' ? `chatSessions ${chatSessionId}` : null,
    leaves: {
      ...shownIn('chatSessions', chatSessionId, ''),
      test: (body: Record<string, unknown>) =>
        how === 'hide' ? body.hidden_at !== null : body.status === 'completed',
    },
  };
  return how === 'hide'
    ? plan(device, 'chat.hide', { chatSessionId, hidden: true }, traces)
    : plan(device, 'chat.complete', { chatSessionId }, traces);
}

/**
 * What somebody does on their own device: mostly what they may, and now and then what is refused. They write
 * only on what they themselves made there, so that nobody else changes the column by which it is found again.
 */
const choices: Record<EditKind, (desk: Desk) => PlannedEdit | undefined> = {
  create: (desk) => createClass(desk, desk.at(desk.school.admin)),
  clash: (desk) => {
    const classId = newId('class');
    const args = { classId, groupId: desk.school.groups[0], name: 'Class 0 0' };
    return plan(desk.at(desk.school.admin), 'classes.create', args, {
      token: classId,
      shows: shownIn('classes', classId, 'classId'),
    });
  },
  rename: (desk) => {
    const device = desk.at(desk.school.admin);
    const { token } = desk;
    const chosen = desk.earlier(device, 'classes.create')?.shows;
    if (chosen?.column !== 'name') return;
    const classId = chosen.id as RichId<'class'>;
    return plan(device, 'classes.update', { classId, name: `renamed ${token}` }, { token, shows: chosen });
  },
  draft: (desk) =>
    saveTool(desk, desk.at(desk.school.teacher), {
      toolId: newId('tool'),
      toolVersionId: newId('toolversion'),
    }),
  redraft: (desk) => {
    const device = desk.at(desk.school.teacher);
    const before = desk.earlier(device, 'tools.save');
    if (!before?.shows || !before.about) return;
    const isPublished = desk.ledger.edits.some(
      ({ name, leaves }) => name === 'tools.publish' && leaves?.id === before.shows?.id,
    );
    // A published version stays as it is: mostly a new one is begun, now and then the change is refused.
    const isNew = isPublished && desk.choice < 0.7;
    return saveTool(desk, device, {
      toolId: before.about as RichId<'tool'>,
      toolVersionId: isNew ? newId('toolversion') : (before.shows.id as RichId<'toolversion'>),
    });
  },
  publish: (desk) => {
    const device = desk.at(desk.school.teacher);
    const before = desk.earlier(device, 'tools.save');
    if (!before?.shows || !before.about) return;
    const toolVersionId = before.shows.id as RichId<'toolversion'>;
    if (desk.ledger.edits.some(({ name, token }) => name === 'tools.publish' && token === toolVersionId))
      return;
    return plan(
      device,
      'tools.publish',
      { toolId: before.about as RichId<'tool'>, toolVersionId },
      {
        token: toolVersionId,
        leaves: {
          ...shownIn('toolVersions', toolVersionId, ''),
          test: (body) => body.status === 'published',
        },
      },
    );
  },
  assign: (desk) => createAssignment(desk, desk.at(desk.school.teacher, desk.school.admin)),
  retitle: (desk) => {
    const device = desk.at(desk.school.teacher, desk.school.admin);
    const { token } = desk;
    const chosen = desk.earlier(device, 'assignments.create')?.shows;
    if (!chosen) return;
    const assignmentId = chosen.id as RichId<'assignment'>;
    return plan(
      device,
      'assignments.update',
      { assignmentId, title: `new words ${token}` },
      {
        token,
        shows: chosen,
      },
    );
  },
  unassign: (desk) => {
    const { assignmentId, ledger } = desk;
    if (ledger.edits.some(({ name, token }) => name === 'assignments.remove' && token === assignmentId))
      return;
    return plan(
      desk.at(desk.school.teacher, desk.school.admin),
      'assignments.remove',
      { assignmentId, removed: true },
      {
        token: assignmentId,
        leaves: {
          ...shownIn('assignments', assignmentId, ''),
          test: (body) => body.deleted_at !== null,
        },
      },
    );
  },
  startChat: (desk) => {
    const { school, choice } = desk;
    const device = desk.at(school.pupil, school.neighbour, school.teacher);
    const isTrial = device?.person.userId === school.teacher;
    const { toolVersionId } = school.tools[isTrial && choice > 0.8 ? 1 : 0];
    const chatSessionId = newId('chat');
    const assignmentId = isTrial ? null : desk.assignmentId;
    return plan(
      device,
      'chat.start',
      { chatSessionId, assignmentId, toolVersionId },
      {
        token: chatSessionId,
        about: toolVersionId,
        shows: shownIn('chatSessions', chatSessionId, 'chatSessionId'),
        needs: [`toolVersions ${toolVersionId}`],
      },
    );
  },
  send: (desk) => {
    const { school, token } = desk;
    const device = desk.at(school.pupil, school.neighbour, school.teacher);
    const chat = desk.earlier(device, 'chat.start')?.shows;
    if (!chat) return;
    const messageId = newId('message');
    const args = {
      chatSessionId: chat.id as RichId<'chat'>,
      messageId,
      runId: newId('run'),
      answerMessageId: newId('message'),
      text: `why ${token}`,
    };
    return plan(device, 'chat.send', args, {
      token,
      shows: shownIn('messages', messageId, 'text'),
      needs: [`chatSessions ${chat.id}`],
    });
  },
  hide: (desk) => closeChat(desk, 'hide'),
  complete: (desk) => closeChat(desk, 'complete'),
  pause: (desk) => {
    const chats = desk.ledger.edits.filter(({ name }) => name === 'chat.start');
    if (chats.length === 0) return;
    const chatSessionId = pick(chats, desk.choice).token as RichId<'chat'>;
    if (desk.ledger.edits.some(({ name, token }) => name === 'chat.pause' && token === chatSessionId)) return;
    return plan(
      desk.at(desk.school.teacher),
      'chat.pause',
      { chatSessionId, paused: true },
      {
        token: chatSessionId,
      },
    );
  },
  trespass: (desk) => {
    const device = desk.at(desk.school.pupil, desk.school.neighbour);
    if (desk.choice < 0.3) return createClass(desk, device);
    if (desk.choice < 0.6) return createAssignment(desk, device);
    return saveTool(desk, device, { toolId: newId('tool'), toolVersionId: newId('toolversion') });
  },
};

export function chooseEdit(
  kind: EditKind,
  { one, two }: Operation,
  scene: { school: School; ledger: Ledger; devices: readonly Device[] },
): PlannedEdit | undefined {
  return choices[kind](new Desk(scene.school, scene.ledger, scene.devices, two, one));
}
