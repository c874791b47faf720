import { describe, expect, it } from 'vitest';
import { bumpVersion } from './bump_version';
import { parseToolYaml } from './parse_tool_yaml';
import { toolTemplates } from './tool_templates';

describe('raising the version', () => {
  it.each([
    ['version: 1.2.9\n', 'patch', 'version: 1.2.10\n'],
    ['version: 1.2.9\n', 'minor', 'version: 1.3.0\n'],
    ['version: "1.2.9" # last\r\nname: X\r\n', 'minor', 'version: "1.3.0" # last\r\nname: X\r\n'],
    ['{ name: X, version: 1.0 }', 'patch', '{ name: X, version: 1.0.1 }'],
    ['# mine\nname: X\ntype: chat\n', 'patch', '# mine\nversion: 1.0.1\nname: X\ntype: chat\n'],
    ['meta:\n  version: 3.0.0\n', 'minor', 'version: 1.1.0\nmeta:\n  version: 3.0.0\n'],
  ] as const)('of %j by a %s changes only the version', (text, release, after) => {
    expect(bumpVersion(text, release)).toBe(after);
  });

  it('of what cannot be read changes nothing', () => {
    expect(bumpVersion('version: 1.0.0\nname: [', 'patch')).toBe('version: 1.0.0\nname: [');
    expect(bumpVersion('', 'patch')).toBe('');
  });
});

describe('a template', () => {
  it.each(toolTemplates.map((template) => [template.title, template.yaml]))(
    '%s is a tool without a remark',
    (_, yaml) => {
      const result = parseToolYaml(yaml);
      expect(result).toMatchObject({ ok: true, warnings: [] });
      const raised = parseToolYaml(bumpVersion(yaml, 'minor'));
      expect(raised.ok && raised.tool.version).toBe('1.1.0');
    },
  );
});
