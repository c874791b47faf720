import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';
import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import type { AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import { buildSystemPrompt, type PromptSections } from '../../../lib/ai_gateway/prompt_sections';

/** How many earlier messages the model is shown. */
const historyLength = 50;

/** What the model is to be told, still in its parts. */
export type Prompt = {
  /** the gateway's default when unset */
  model: string | undefined;
  sections: PromptSections;
  /** earlier messages, oldest first */
  history: AiMessage[];
  question: string;
};

/** The parts in the order the model gets them. */
export function toMessages({ sections, history, question }: Prompt): AiMessage[] {
  return [
    { role: 'system', content: buildSystemPrompt(sections) },
    ...history,
    { role: 'user', content: question },
  ];
}

/** The prompt of a question in a session; reads only, in the transaction that claims the run. */
export async function assemblePrompt(
  db: Db,
  of: {
    tenantId: TenantId;
    chatSessionId: ChatSessionId;
    messageId: RichId<'message'>;
    toolVersionId: RichId<'toolversion'>;
    assignmentId: AssignmentId | null;
  },
): Promise<Prompt> {
  const { tenantId, chatSessionId, messageId, toolVersionId, assignmentId } = of;
  const asked = await db.messages.findBy(stored({ tenantId, messageId }));
  const before = await db.messages
    .where({ ...stored({ tenantId, chatSessionId }), seq: { lt: asked.seq }, outcome: { not: 'blocked' } })
    .order({ seq: 'DESC' })
    .limit(historyLength);
  const assignment = assignmentId
    ? await db.assignments.includeDeleted().findByOptional(stored({ tenantId, assignmentId }))
    : undefined;
  const source = await db.toolSources.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  const parsed = parseToolYaml(source.yaml);
  // An author may try a draft with errors: then the text itself is all we know of its behaviour.
  const tool = parsed.ok ? parsed.tool : undefined;
  return {
    model: tool?.model,
    sections: {
      toolName: tool?.name ?? 'Draft',
      behavior: tool?.behavior ?? source.yaml,
      assignmentInstructions: assignment?.instructions ?? undefined,
      constraints: {
        topics: tool?.constraints?.topics,
        noDirectAnswers: tool?.constraints?.no_direct_answers,
      },
    },
    history: before.reverse().map(({ role, text }) => ({ role, content: text })),
    question: asked.text,
  };
}
