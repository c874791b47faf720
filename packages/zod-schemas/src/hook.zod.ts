import { z } from 'zod';
import { chatSessionId, messageId, runId } from './chat.zod';
import { classId } from './class.zod';
import { groupId } from './group.zod';
import { jsonGroup } from './product.zod';
import { richId } from './rich_id';
import { timestampNumber, timestampsShape } from './timestamp';
import { toolId } from './tool.zod';
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
  /** null: about a form */
  chatSessionId: chatSessionId.nullable(),
  /** of a form, which has no session: the run it was sent with */
  runId: runId.nullable(),
  /** null: about the session or the form as a whole */
  messageId: messageId.nullable(),
  /** whose session or form it is */
  userId,
  classId: classId.nullable(),
  module: moduleName,
  kind: z.string(),
  severity: noteSeverity,
  label: z.string(),
  data: z.record(z.string(), z.json()),
  /** when a teacher took it on, and who */
  acknowledgedAt: timestampNumber.nullable(),
  acknowledgedByUserId: userId.nullable(),
  ...timestampsShape,
});
export type MessageNote = z.infer<typeof MessageNoteSelectAllZod>;

/** Where a setting stands: the whole school, or one group, class or tool of it. */
export const ModulePlaceZod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('global') }),
  z.object({ kind: z.literal('group'), groupId }),
  z.object({ kind: z.literal('class'), classId }),
  z.object({ kind: z.literal('tool'), toolId }),
]);
export type ModulePlace = z.infer<typeof ModulePlaceZod>;

export const NoteAcknowledgeInputZod = z.object({ messageNoteId: richId('note') });

const moduleConfig = z.record(z.string().max(60), z.json());
export const ListModulesInputZod = z.object({ place: ModulePlaceZod });
export const SetModuleInputZod = z.object({
  place: ModulePlaceZod,
  module: moduleName,
  /** null: as the place above has it */
  enabled: z.boolean().nullable(),
  /** what differs from the places above */
  config: moduleConfig,
  /** nothing below may change it */
  locked: z.boolean(),
});
export const ReviveModuleInputZod = z.object({ place: ModulePlaceZod, module: moduleName });
export const TryModuleInputZod = z.object({
  place: ModulePlaceZod,
  module: moduleName,
  hook: hookName.extract(['chat:before_ai', 'chat:after_ai', 'chat:on_message']),
  text: z.string().trim().min(1, 'Write something to try it on').max(8_000),
  /** on top of what counts in that place */
  config: moduleConfig,
});

const setting = z.object({ enabled: z.boolean().nullable(), config: moduleConfig, locked: z.boolean() });
/** A module of the installation, and how it is set in one place. */
export const ModuleSummaryZod = z.object({
  __type: z.literal('ModuleSummary'),
  module: moduleName,
  displayName: z.string(),
  version: z.string(),
  description: z.string(),
  author: z.string().nullable(),
  icon: z.string().nullable(),
  hooks: z.array(hookName),
  /** where it may be switched on */
  scope: z.array(moduleLevel),
  /** what it is told besides the text */
  permissions: z.array(z.string()),
  onError: z.enum(['continue', 'block']),
  tags: z.array(z.string()),
  status: moduleStatus,
  problem: z.string().nullable(),
  crashes: z.int(),
  /** JSON Schema of its config */
  configSchema: z.record(z.string(), z.json()),
  defaults: moduleConfig,
  /** as this place has it; null: nothing is set here */
  own: setting.nullable(),
  /** what counts here without this place's own setting */
  above: z.object({ enabled: z.boolean(), config: moduleConfig, locked: z.boolean() }),
});
export type ModuleSummary = z.infer<typeof ModuleSummaryZod>;
export const ModuleListZod = z.object({ __type: z.literal('ModuleList'), items: z.array(ModuleSummaryZod) });

export const ModuleTrialZod = z.object({
  __type: z.literal('ModuleTrial'),
  outcome: verdictOutcome,
  /** as the module left it; null when it held it back or failed */
  text: z.string().nullable(),
  /** what whoever wrote it would read, or why it failed */
  reason: z.string().nullable(),
  directResponse: z.string().nullable(),
  extractions: z.array(ExtractionZod),
  audit: z.record(z.string(), z.json()),
  log: z.array(z.string()),
  ms: z.number(),
});
export type ModuleTrial = z.infer<typeof ModuleTrialZod>;

/** A first page, the newest first, or the cursor of the next one. */
export const ListVerdictsInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({
    limit: z.int().min(1).max(100).default(50),
    module: moduleName.optional(),
    outcome: verdictOutcome.optional(),
  }),
]);
export const HookVerdictZod = z.object({
  __type: z.literal('HookVerdict'),
  hookVerdictId: richId('verdict'),
  hook: hookName,
  module: moduleName,
  version: z.string(),
  outcome: verdictOutcome,
  calls: z.int(),
  ms: z.number(),
  reason: z.string().nullable(),
  audit: z.record(z.string(), z.json()),
  log: z.array(z.string()),
  runId: runId.nullable(),
  person: z.string(),
  tool: z.string(),
  /** null: an author's trial */
  className: z.string().nullable(),
  createdAt: timestampNumber,
});
export type HookVerdict = z.infer<typeof HookVerdictZod>;
export const HookVerdictListZod = z.object({
  __type: z.literal('HookVerdictList'),
  items: z.array(HookVerdictZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});

/** `originalViewId` names the record of this look, so that one that is sent again is recorded once. */
export const ReadOriginalsInputZod = z.object({ originalViewId: richId('originalview'), runId });
/** What was held back of a run, word for word, for administrators. */
export const RunOriginalsZod = z.object({
  __type: z.literal('RunOriginals'),
  runId,
  originals: z.array(
    z.object({
      hook: hookName,
      module: moduleName,
      /** a text; of a form what was filled in, or the result */
      original: z.union([z.string(), jsonGroup]),
      reason: z.string().nullable(),
      heldBackAt: timestampNumber,
    }),
  ),
});
export type RunOriginals = z.infer<typeof RunOriginalsZod>;
