import { LineIndex } from './line_index';
import { readYaml } from './read_yaml';
import { completeVersion, raiseVersion } from './version_number';
import { findNode } from './yaml_node';

/**
 * Raises the version and changes nothing else, to the letter. A tool that says no version is 1.0.0, so it
 * gets a version line below its first key.
 * @returns the text as it was when it cannot be read as YAML
 */
export function bumpVersion(yamlText: string, release: 'patch' | 'minor'): string {
  const { root } = readYaml(yamlText, new LineIndex(yamlText));
  if (root?.kind !== 'map') return yamlText;
  const { node, complete } = findNode(root, ['version']);
  if (complete && node.kind === 'scalar' && !node.empty) {
    const version = raiseVersion(completeVersion(node.source) ?? '1.0.0', release);
    const quote = /["']/.exec(yamlText.charAt(node.from))?.[0] ?? '';
    return `${yamlText.slice(0, node.from)}${quote}${version}${quote}${yamlText.slice(node.to)}`;
  }
  const first = root.entries[0];
  if (complete || !first || root.flow) return yamlText;
  const version = `version: ${raiseVersion('1.0.0', release)}`;
  const lineBreak = /\r\n?|\n/.exec(yamlText)?.[0] ?? '\n';
  const indent = /[ ]*$/.exec(yamlText.slice(0, first.keyFrom))?.[0] ?? '';
  return `${yamlText.slice(0, first.keyFrom)}${version}${lineBreak}${indent}${yamlText.slice(first.keyFrom)}`;
}
