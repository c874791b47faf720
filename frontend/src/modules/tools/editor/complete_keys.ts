import { type CompletionContext, type CompletionResult, snippetCompletion } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { Text } from '@codemirror/state';
import { toolPartAt } from '@raptscallions/tool-yaml/tool_part_at';

/** A line of block YAML up to the cursor: indentation, dash, what of the key is there. */
const keyStart = /^( *)(- +)?([a-z_]*)$/i;
/** Inside braces: `expect: { contains: x, max`. */
const flowStart = /^( *)(- +)?([a-z_]+): *\{(?:[^{}]*,)? *([a-z_]*)$/i;
/** A key and the beginning of a word. */
const valueStart = /^( *)(- +)?([a-z_]+): *([a-z]*)$/i;

/** Offers the keys that may stand at the cursor, with what they are for, and the words a key may have. */
export function completeKeys({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const inText = syntaxTree(state).resolveInner(pos, -1).name;
  if (/Comment|BlockLiteralContent|QuotedLiteral/.test(inText)) return null;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const key = keyStart.exec(before);
  if (key) {
    const [, indent = '', dash = '', word = ''] = key;
    if (!explicit && word === '') return null;
    const path = pathAbove(state.doc, line.number, indent.length, dash !== '');
    return offerKeys(path, pos - word.length, false);
  }
  const flow = flowStart.exec(before);
  if (flow) {
    const [, indent = '', dash = '', parent = '', word = ''] = flow;
    const path = pathAbove(state.doc, line.number, indent.length, dash !== '');
    return offerKeys([...path, parent], pos - word.length, true);
  }
  const value = valueStart.exec(before);
  if (!value) return null;
  const [, indent = '', dash = '', name = '', word = ''] = value;
  const path = pathAbove(state.doc, line.number, indent.length, dash !== '');
  const words = toolPartAt([...path, name])?.words ?? [];
  return words.length
    ? { from: pos - word.length, options: words.map((label) => ({ label })), validFor: /^[a-z]*$/ }
    : null;
}

/** @param inLine the keys stand between braces, where nothing may begin a line of its own */
function offerKeys(path: (string | number)[], from: number, inLine: boolean): CompletionResult | null {
  const options = (toolPartAt(path)?.keys ?? []).map((label) => {
    const { hint, starter = '' } = toolPartAt([...path, label]) ?? {};
    const start = inLine && starter.includes('\n') ? '' : starter;
    // The cursor goes between brackets, and to the end where there are none.
    const inside = start.replace(/^\[\]$/, '[#{}]').replace(/^\{ {2}\}$/, '{ #{} }');
    const gap = start.startsWith('\n') ? '' : ' ';
    return snippetCompletion(`${label}:${gap}${inside}`, { label, detail: hint });
  });
  return options.length ? { from, options, validFor: /^[a-z_]*$/i } : null;
}

/**
 * The keys above a line that it stands under, told by their indentation. A list counts as its first entry,
 * since all entries are alike.
 * @param column where the key of the line begins, or its dash
 */
function pathAbove(doc: Text, number: number, column: number, dash: boolean): (string | number)[] {
  const path: (string | number)[] = dash ? [0] : [];
  let limit = column;
  for (let at = number - 1; at >= 1 && (limit > 0 || path[0] === 0); at -= 1) {
    const parts = /^( *)(- +)?([a-z_]+):(.*)$/i.exec(doc.line(at).text);
    if (!parts) continue;
    const [, indent = '', mark = '', name = '', value = ''] = parts;
    const begins = indent.length + mark.length;
    const opens = /^\s*(#.*)?$/.test(value);
    // Entries of a list may stand as far left as the key above them.
    if (begins < limit || (begins === limit && path[0] === 0 && opens && !mark)) {
      if (!opens) return ['unknown'];
      path.unshift(name);
      limit = begins;
    }
    if (mark && begins <= limit && indent.length < limit) {
      path.unshift(0);
      limit = indent.length;
    }
  }
  return path;
}
