import { toolId, toolVersionId } from '@raptscallions/zod-schemas/tool.zod';
import { z } from 'zod';
import { defineEvent } from '../../events/define_event';
import { DomainEventZod } from '../../events/domain_event';

const ToolEventZod = DomainEventZod.extend({ entityId: toolId });

export const toolPublished = defineEvent({
  name: 'tool.published',
  payload: ToolEventZod.extend({ __type: z.literal('ToolPublished'), toolVersionId, version: z.string() }),
});

/** `archived: false`: it was brought back. */
export const toolArchived = defineEvent({
  name: 'tool.archived',
  payload: ToolEventZod.extend({ __type: z.literal('ToolArchived'), archived: z.boolean() }),
});
