import { parseToolYaml } from '@raptscallions/tool-yaml/parse_tool_yaml';

/** Whether the server would take this text. Warnings do not count. */
export function isSendable(yaml: string): boolean {
  return yaml.trim() !== '' && parseToolYaml(yaml).ok;
}
