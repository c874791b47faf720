import { z } from 'zod';
import { chatSessionId, messageId } from './chat.zod';
import { classId } from './class.zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';
import { userId } from './user.zod';

/** Where a module may look at what goes on, and at the first four decide. */
export const hookName = z.enum([
  'chat:before_ai',
  'chat:after_ai',
  'product:before_ai',
  'product:after_ai',
  'chat:on_message',
  'session:start',
  'session:end',
  'run:complete',
]);
export type HookName = z.infer<typeof hookName>;

/** Hooks whose result decides; the others observe, later and beside the chat. */
export const decidingHook = z.enum([
  'chat:before_ai',
  'chat:after_ai',
  'product:before_ai',
  'product:after_ai',
]);
export type DecidingHook = z.infer<typeof decidingHook>;

/** Lower-case words joined by hyphens, as its folder is called. */
export const moduleName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

/** Where a module can be switched on and configured; what stands further right wins. */
export const moduleLevel = z.enum(['global', 'group', 'class', 'tool']);
export type ModuleLevel = z.infer<typeof moduleLevel>;

/** `resting`: after a crash; `disabled`: after five in a row; `broken`: it cannot be read or lacks another. */
export const moduleStatus = z.enum(['ready', 'resting', 'disabled', 'broken']);
export type ModuleStatus = z.infer<typeof moduleStatus>;

/** `answered`: it gave the answer itself; `failed`: it could not say. */
export const verdictOutcome = z.enum(['passed', 'changed', 'blocked', 'answered', 'failed']);
export type VerdictOutcome = z.infer<typeof verdictOutcome>;

/** `attention`: somebody should look; `alert`: soon. */
export const noteSeverity = z.enum(['info', 'attention', 'alert']);

/** What a module noted about a message, for its teachers. */
export const ExtractionZod = z.strictObject({
  /** what kind of thing it is, such as `struggle` */
  kind: z.string().min(1).max(60),
  severity: noteSeverity.default('info'),
  /** one sentence a teacher understands */
  label: z.string().min(1).max(300),
  data: z.record(z.string().max(60), z.json()).default({}),
});
export type Extraction = z.output<typeof ExtractionZod>;

/** An extraction as the teachers of its class hold it. */
export const MessageNoteSelectAllZod = z.object({
  messageNoteId: richId('note'),
  chatSessionId,
  /** null: about the session as a whole */
  messageId: messageId.nullable(),
  /** whose session it is */
  userId,
  classId: classId.nullable(),
  module: moduleName,
  kind: z.string(),
  severity: noteSeverity,
  label: z.string(),
  data: z.record(z.string(), z.json()),
  ...timestampsShape,
});
export type MessageNote = z.infer<typeof MessageNoteSelectAllZod>;
