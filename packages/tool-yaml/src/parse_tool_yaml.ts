// Provisional: only until the hardened parser stands here under this name.
import { load } from 'js-yaml';
type Tool = { name: string; type: 'chat' | 'product'; version: string; behavior: string; model?: string; constraints?: { topics?: string[]; no_direct_answers?: boolean; max_messages?: number }; meta?: { subject?: string; description?: string } };
export function parseToolYaml(text: string): { ok: true; tool: Tool } | { ok: false; problems: { line: number; column: number; message: string }[] } {
  try { const tool = load(text) as Tool; if (!tool?.name || !tool.behavior) throw new Error('name'); return { ok: true, tool: { ...tool, version: String(tool.version ?? '1.0.0') } }; } catch { return { ok: false, problems: [{ line: 1, column: 1, message: 'bad' }] }; }
}
