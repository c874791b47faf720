import { readToolHead } from '@raptscallions/tool-yaml/read_tool_head';
import { defineEdit, type Edit } from '../../sync/edit';

const saveTool = defineEdit('tools.save', async (writer, args, actor) => {
  const { toolId, toolVersionId, groupId, yaml } = args;
  const head = readToolHead(yaml);
  if (!head) return; // the page sends only texts without errors; the server answers for any other
  const stamps = { createdAt: actor.now, updatedAt: actor.now };
  const [tool, version, source] = await Promise.all([
    writer.db.tools.get(toolId),
    writer.db.toolVersions.get(toolVersionId),
    writer.db.toolSources.get(toolVersionId),
  ]);
  const owned = { groupId, ownerUserId: tool ? tool.ownerUserId : actor.userId };
  if (!tool) {
    const { name, slug, kind } = head;
    await writer.put('tools', {
      toolId,
      ...owned,
      name,
      slug,
      kind,
      publishedToolVersionId: null,
      ...stamps,
    });
  } else if (tool.publishedToolVersionId === null) {
    // a published tool keeps its name in lists until the draft is published
    const { name, slug, kind } = head;
    await writer.update('tools', toolId, { name, slug, kind, updatedAt: actor.now });
  }
  if (version) await writer.update('toolVersions', toolVersionId, { ...head, updatedAt: actor.now });
  else {
    await writer.put('toolVersions', {
      toolVersionId,
      toolId,
      ...owned,
      ...head,
      status: 'draft',
      publishedAt: null,
      ...stamps,
    });
  }
  if (source) await writer.update('toolSources', toolVersionId, { yaml, updatedAt: actor.now });
  else await writer.put('toolSources', { toolVersionId, toolId, ...owned, yaml, ...stamps });
});

const publishTool = defineEdit('tools.publish', async (writer, { toolId, toolVersionId }, actor) => {
  const version = await writer.db.toolVersions.get(toolVersionId);
  if (!version) return;
  const { name, slug, kind } = version;
  await writer.update('toolVersions', toolVersionId, {
    status: 'published',
    publishedAt: actor.now,
    updatedAt: actor.now,
  });
  await writer.update('tools', toolId, {
    publishedToolVersionId: toolVersionId,
    name,
    slug,
    kind,
    updatedAt: actor.now,
  });
});

const archiveTool = defineEdit('tools.archive', async (writer, { toolId, archived }) => {
  if (archived) await writer.remove('tools', toolId);
  else await writer.restore('tools', toolId);
});

export const toolEdits: Edit[] = [saveTool, publishTool, archiveTool];
