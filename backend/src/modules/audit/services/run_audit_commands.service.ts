import { auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { z } from 'zod';
import { allPages } from '../../../lib/all_pages';
import { formatFlag, momentFlag } from '../../../lib/command_flags';
import { defineCommand, type Program } from '../../../lib/define_command';
import { type CommandTools, readFromCommandLine } from './act_from_command_line.service';
import { listAudit } from './list_audit.service';

const usage = `yarn audit-log <command> --tenant-id tenant-…
  list     [--user user-…] [--action <action>] [--from <day>] [--until <day>] [--format json|csv]
           who did it or whom it concerned; the newest first; until: up to but without
  actions                                       what there is to look for
`;

const words: Record<string, string> = auditedActions;

/** The audit log from the command line, as the page searches it. */
export const auditProgram: Program<CommandTools> = {
  usage,
  commands: {
    list: defineCommand(
      z.object({
        tenantId,
        user: userId.optional(),
        action: z
          .string()
          .refine((action) => action in words, 'There is no such action: yarn audit-log actions lists them.')
          .optional(),
        from: momentFlag.optional(),
        until: momentFlag.optional(),
        format: formatFlag,
      }),
      async (tools, { tenantId, user, format, ...filter }) => {
        const entries = await readFromCommandLine(
          tools,
          tenantId,
          { ...filter, userId: user },
          (ctx, input) => allPages((page) => listAudit(ctx, page), input),
        );
        const lines = entries.map(({ at, actor, action, subject, details }) => ({
          at: new Date(at).toISOString(),
          who: actor ?? (details.by === 'command_line' ? 'the command line' : null),
          action,
          what: words[action] ?? action,
          whom: subject,
          details,
        }));
        if (format === 'json') return lines;
        const rows = lines.map(({ details, ...line }) => [...Object.values(line), JSON.stringify(details)]);
        return writeCsv(['at', 'who', 'action', 'what', 'whom', 'details'], rows);
      },
    ),
    actions: defineCommand(z.object({ tenantId }), async () => auditedActions),
  },
};
