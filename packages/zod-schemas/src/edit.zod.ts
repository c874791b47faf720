import type { z } from 'zod';
import {
  AssignmentCreateInputZod,
  AssignmentRemoveInputZod,
  AssignmentUpdateInputZod,
} from './assignment.zod';
import {
  ChatCompleteInputZod,
  ChatContinueInputZod,
  ChatHideInputZod,
  ChatPauseInputZod,
  ChatRegenerateInputZod,
  ChatRetryInputZod,
  ChatSendInputZod,
  ChatStartInputZod,
  TranscriptViewRecordInputZod,
} from './chat.zod';
import {
  ClassArchiveInputZod,
  ClassCreateInputZod,
  ClassMemberAddInputZod,
  ClassMemberRemoveInputZod,
  ClassUpdateInputZod,
} from './class.zod';
import {
  GroupArchiveInputZod,
  GroupCreateInputZod,
  GroupMemberRemoveInputZod,
  GroupMemberSetInputZod,
  GroupMoveInputZod,
  GroupUpdateInputZod,
} from './group.zod';
import { NoteAcknowledgeInputZod } from './hook.zod';
import {
  ProductHideInputZod,
  ProductRetryInputZod,
  ProductRunInputZod,
  ProductViewRecordInputZod,
} from './product.zod';
import { ToolArchiveInputZod, ToolPublishInputZod, ToolSaveInputZod } from './tool.zod';

/** Every write a browser may keep in its outbox: the name is the procedure's path, the value its input. */
export const editInputs = {
  'classes.create': ClassCreateInputZod,
  'classes.update': ClassUpdateInputZod,
  'classes.archive': ClassArchiveInputZod,
  'classes.addMember': ClassMemberAddInputZod,
  'classes.removeMember': ClassMemberRemoveInputZod,
  'groups.create': GroupCreateInputZod,
  'groups.update': GroupUpdateInputZod,
  'groups.move': GroupMoveInputZod,
  'groups.archive': GroupArchiveInputZod,
  'groups.setMember': GroupMemberSetInputZod,
  'groups.removeMember': GroupMemberRemoveInputZod,
  'tools.save': ToolSaveInputZod,
  'tools.publish': ToolPublishInputZod,
  'tools.archive': ToolArchiveInputZod,
  'assignments.create': AssignmentCreateInputZod,
  'assignments.update': AssignmentUpdateInputZod,
  'assignments.remove': AssignmentRemoveInputZod,
  'chat.start': ChatStartInputZod,
  'chat.send': ChatSendInputZod,
  'chat.retry': ChatRetryInputZod,
  'chat.regenerate': ChatRegenerateInputZod,
  'chat.continue': ChatContinueInputZod,
  'chat.pause': ChatPauseInputZod,
  'chat.complete': ChatCompleteInputZod,
  'chat.hide': ChatHideInputZod,
  'chat.recordView': TranscriptViewRecordInputZod,
  'hooks.acknowledge': NoteAcknowledgeInputZod,
  'products.run': ProductRunInputZod,
  'products.retry': ProductRetryInputZod,
  'products.hide': ProductHideInputZod,
  'products.recordView': ProductViewRecordInputZod,
} as const;

export type EditName = keyof typeof editInputs;
export type EditArgs<N extends EditName> = z.input<(typeof editInputs)[N]>;
