import {
  ToolArchiveInputZod,
  ToolPublishInputZod,
  ToolSaveInputZod,
} from '@raptscallions/zod-schemas/tool.zod';
import { done } from '../../procedures/done';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { archiveTool } from './services/archive_tool.service';
import { publishTool } from './services/publish_tool.service';
import { saveTool } from './services/save_tool.service';

export const toolsRouter = {
  save: done(rpcTenantProcedure, ToolSaveInputZod, saveTool),
  publish: done(rpcTenantProcedure, ToolPublishInputZod, publishTool),
  archive: done(rpcTenantProcedure, ToolArchiveInputZod, archiveTool),
};
