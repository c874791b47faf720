import type { Extraction, HookName } from '@raptscallions/zod-schemas/hook.zod';

/** A value that survives being written as JSON; nothing else reaches a module or leaves it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

type Said = { role: 'user' | 'assistant' | 'system'; text: string };

/** What every hook is told. */
export type HookAbout = {
  /** as the school set it, with the module's defaults below; checked against its schema */
  config: Record<string, Json>;
  /** opaque and steady, so that the same can be told from another */
  session: { key: string; messageCount: number } | null;
  /** with the permission `tool` */
  tool?: {
    name: string;
    behavior: string;
    topics: string[];
    noDirectAnswers: boolean;
    subject: string | null;
    grades: (number | string)[];
  };
  /** with the permission `history`: earlier messages, the oldest first, without those that were held back */
  history?: Said[];
  /** with the permission `person`: whose session it is */
  person?: { key: string; name: string };
  /** what the modules it depends on have noted in this hook, by their name */
  noted: Record<string, { extractions: Extraction[]; audit: Record<string, Json> }>;
};

type AnswerPart = {
  /** the next sentence or sentences of the answer */
  text: string;
  /** what was released before, as the modules left it */
  soFar: string;
  /** nothing comes after this part; `text` may then be empty */
  final: boolean;
};

type ContextByHook = {
  'chat:before_ai': { text: string };
  'chat:after_ai': AnswerPart;
  'product:before_ai': { data: Record<string, Json> };
  'product:after_ai': { data: Record<string, Json> };
  'chat:on_message': Said;
  'session:start': { startedAt: number };
  'session:end': { startedAt: number; endedAt: number };
  'run:complete': {
    status: 'completed' | 'failed' | 'cancelled' | 'blocked';
    model: string | null;
    promptTokens: number | null;
    completionTokens: number | null;
    latencyMs: number | null;
  };
};

export type HookContext<H extends HookName> = HookAbout & { hook: H } & ContextByHook[H];
/** What a hook is about, by its name. */
export type HookInput<H extends HookName = HookName> = { [N in H]: { hook: N } & ContextByHook[N] }[H];
/** of any hook: what the host hands over */
export type AnyHookContext = HookAbout & HookInput;
