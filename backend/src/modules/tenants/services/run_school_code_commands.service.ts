import { SetSchoolCodeInputZod, type TenantId, tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineCommand, type Program } from '../../../lib/define_command';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { readSchoolCode, setSchoolCode } from './set_school_code.service';

const usage = `yarn school-code <command> --tenant-id tenant-…
  show                                          the code beside which user names count
  set      --code <code>                        at once; no other school may have it, or have had it
`;

/** The school code from the command line, by the services the pages call. */
export const schoolCodeProgram: Program<CommandTools> = {
  usage,
  commands: {
    show: defineCommand(z.object({ tenantId }), (tools, { tenantId }) => show(tools, tenantId)),
    set: defineCommand(
      z.object({ tenantId, code: SetSchoolCodeInputZod.shape.schoolCode }),
      async (tools, { tenantId, code }) => {
        const input = { schoolCode: code };
        await actFromCommandLine(tools, { tenantId, action: 'tenants.setSchoolCode' }, input, (ctx) =>
          setSchoolCode(ctx, { groupId: ctx.topGroupId, schoolCode: code }),
        );
        return show(tools, tenantId);
      },
    ),
  },
};

function show(tools: CommandTools, tenantId: TenantId) {
  return readFromCommandLine(tools, tenantId, null, async (ctx) => {
    const { schoolCode } = await readSchoolCode(ctx, { groupId: ctx.topGroupId });
    return { schoolCode };
  });
}
