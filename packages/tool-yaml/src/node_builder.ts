import {
  COLLECTION_STYLE,
  CORE_SCHEMA,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { limits } from './limits';
import type { LineIndex } from './line_index';
import type { Finding } from './tool_problem';
import type { YamlList, YamlMap, YamlNode, YamlScalar } from './yaml_node';

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

const complexKey = { code: 'complex_key', message: 'A key must be a word, not a list or a map.' };

/** `key` is set between a key and its value; `dropped` when that pair was refused. */
type Frame = {
  node: YamlMap | YamlList;
  key?: YamlScalar;
  dropped?: boolean;
  /** where each key of a map stands */
  seen: Map<string, number>;
};

/**
 * Builds nodes from the parser's events. Events carry where a thing begins; where it ends, and where a
 * thing stands that was not written at all, follows from a cursor that moves on with every token.
 */
export class NodeBuilder {
  private cursor = 0;
  private readonly frames: Frame[] = [];
  private readonly findings: Finding[] = [];
  private root: YamlNode | undefined;
  /** set when what is left would only cause follow-up errors */
  private spoiled = false;

  constructor(
    private readonly text: string,
    private readonly lines: LineIndex,
  ) {}

  build(events: Event[]): { root: YamlNode | undefined; findings: Finding[] } {
    const nodeCount = events.filter(
      (event) => event.type !== EVENT_ID.POP && event.type !== EVENT_ID.DOCUMENT,
    ).length;
    if (nodeCount > limits.nodes) {
      const message = `A tool may have ${limits.nodes.toLocaleString('en')} keys and values; this has ${nodeCount.toLocaleString('en')}.`;
      return { root: undefined, findings: [{ from: 0, to: 1, code: 'too_many_nodes', message }] };
    }
    let documents = 0;
    for (const event of events) {
      if (event.type === EVENT_ID.DOCUMENT) {
        documents += 1;
        if (documents > 1) {
          this.refuseSecondDocument();
          break;
        }
        if (event.directives.length) this.refuseDirective();
      } else this.take(event);
      if (this.findings.length >= limits.problems) {
        this.spoiled = true;
        break;
      }
    }
    return { root: this.spoiled ? undefined : this.root, findings: this.findings };
  }

  private take(event: Exclude<Event, { type: typeof EVENT_ID.DOCUMENT }>): void {
    if (event.type === EVENT_ID.POP) {
      this.close();
    } else if (event.type === EVENT_ID.ALIAS) {
      const place = { from: event.anchorStart - 1, to: event.anchorEnd };
      this.refuse('alias', '*', 'repeat something from elsewhere', place, place.to);
      // Read on as the text it most likely was meant to be.
      const source = this.text.slice(place.from, place.to);
      this.cursor = place.to;
      this.add({ kind: 'scalar', ...place, value: source, source, plain: true, empty: false });
    } else {
      const textEnd =
        event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN ? event.valueEnd : -1;
      if (event.anchorStart >= 0) {
        const place = { from: event.anchorStart - 1, to: event.anchorEnd };
        this.refuse('anchor', '&', 'give it a name to repeat it by', place, textEnd);
      }
      if (event.tagStart >= 0) {
        this.refuse('tag', '!', 'take it for a type', { from: event.tagStart, to: event.tagEnd }, textEnd);
      }
      if (event.type === EVENT_ID.SCALAR) this.add(this.scalarOf(event));
      else this.open(event);
    }
  }

  /** @param textEnd end of the text that may be quoted as a whole; -1: there is none on this line */
  private refuse(
    code: string,
    sign: string,
    meaning: string,
    place: { from: number; to: number },
    textEnd: number,
  ) {
    const text = this.text.slice(place.from, textEnd < 0 ? place.to : textEnd);
    const quotable = textEnd >= 0 && !/[\r\n]/.test(text);
    this.findings.push({
      ...place,
      code,
      message: `A value cannot begin with ${sign} (YAML would ${meaning}). Put the text in quotes.`,
      fix: quotable
        ? { label: 'Put it in quotes', from: place.from, to: textEnd, insert: JSON.stringify(text) }
        : undefined,
    });
  }

  private open({ type, start, style }: SequenceEvent | MappingEvent): void {
    const flow = style === COLLECTION_STYLE.FLOW;
    const place = { from: start, to: start, flow };
    this.cursor = Math.max(this.cursor, flow ? start + 1 : start);
    const node: Frame['node'] =
      type === EVENT_ID.MAPPING
        ? { kind: 'map', ...place, entries: [] }
        : { kind: 'list', ...place, items: [] };
    this.frames.push({ node, seen: new Map() });
    if (this.frames.length <= limits.depth) return;
    this.spoiled = true;
    const message = `Lists and maps may be nested ${limits.depth} deep.`;
    this.findings.push({ from: start, to: start + 1, code: 'too_deep', message });
  }

  private scalarOf(event: ScalarEvent): YamlScalar {
    if (event.valueStart < 0) return this.emptyScalar();
    const source = getScalarValue(this.text, event);
    const plain = event.style === SCALAR_STYLE.PLAIN;
    const block = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const quote = plain || block ? 0 : 1;
    let from = event.valueStart - quote;
    if (block) {
      // The line above the text holds its `|` or `>`, behind whatever token came last.
      const header = this.text.slice(this.cursor, event.valueStart).replace(/(?:\r\n?|\n)$/, '');
      const lastLine = Math.max(header.lastIndexOf('\n'), header.lastIndexOf('\r')) + 1;
      from = this.cursor + lastLine + Math.max(0, header.slice(lastLine).search(/[|>]/));
    }
    const to = block ? trimEnd(this.text, from, event.valueEnd) : event.valueEnd + quote;
    this.cursor = event.valueEnd + quote;
    const value = plain ? CORE_SCHEMA.resolveImplicitScalarTag(source).value : source;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.findings.push({
        from,
        to,
        code: 'not_a_number',
        message: 'This is not a number one can count with.',
      });
    }
    const known = value === null || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', from, to, value: known ? value : source, source, plain, empty: false };
  }

  /** Nothing was written: the place is the key's, or that of the dash of a list. */
  private emptyScalar(): YamlScalar {
    const frame = this.frames.at(-1);
    const empty = { kind: 'scalar', value: null, source: '', plain: true, empty: true } as const;
    if (frame?.key) return { ...empty, from: frame.key.from, to: frame.key.to };
    const at = skipBlank(this.text, this.cursor);
    if (frame?.node.kind === 'list' && this.text[at] === '-') this.cursor = at + 1;
    return { ...empty, from: at, to: at + 1 };
  }

  private close(): void {
    const frame = this.frames.pop();
    if (!frame) return;
    const { node } = frame;
    const closer = node.kind === 'list' ? ']' : '}';
    // In `[a: b]` the pair is a flow map too, but one without braces of its own.
    if (node.flow && this.text[node.from] === (node.kind === 'list' ? '[' : '{')) {
      let at = skipBlank(this.text, this.cursor);
      while (at < this.text.length && this.text[at] !== closer) at = skipBlank(this.text, at + 1);
      this.cursor = Math.min(at + 1, this.text.length);
    }
    node.to = trimEnd(this.text, node.from, this.cursor);
    this.add(node);
  }

  private add(node: YamlNode): void {
    const frame = this.frames.at(-1);
    if (!frame) {
      this.root = node;
    } else if (frame.node.kind === 'list') {
      frame.node.items.push(node);
    } else if (frame.dropped) {
      frame.dropped = false;
    } else if (!frame.key) {
      this.takeKey(frame, node);
    } else {
      const { from, to, value } = frame.key;
      frame.node.entries.push({ key: String(value), keyFrom: from, keyTo: to, node });
      frame.key = undefined;
    }
  }

  /** Keeps a key until its value comes, or refuses it and lets the pair fall. */
  private takeKey(frame: Frame, node: YamlNode): void {
    // `1:` and `yes:` are the keys “1” and “yes”, whatever YAML takes them for as values.
    const written = this.text.slice(node.from, node.to);
    const key = node.kind === 'scalar' && !node.plain ? String(node.value) : written;
    const refusal = this.whyNot(key, node, frame);
    if (refusal || node.kind !== 'scalar') {
      const { code, message } = refusal ?? complexKey;
      this.findings.push({ from: node.from, to: node.to, code, message });
      frame.dropped = true;
    } else {
      frame.seen.set(key, node.from);
      frame.key = { ...node, value: key };
    }
  }

  private whyNot(key: string, node: YamlNode, frame: Frame): { code: string; message: string } | undefined {
    if (node.kind !== 'scalar') return complexKey;
    if (node.empty || key === '')
      return { code: 'empty_key', message: 'A key is missing before this colon.' };
    if (node.plain && key === '<<') {
      return { code: 'merge_key', message: 'Merge keys (<<) cannot be used here. Write the lines out.' };
    }
    if (forbiddenKeys.has(key))
      return { code: 'forbidden_key', message: `“${key}” cannot be used as a key.` };
    const twin = frame.seen.get(key);
    if (twin === undefined) return undefined;
    const message = `“${shorten(key)}” stands in line ${this.lines.lineOf(twin)} already. Keep one of the two.`;
    return { code: 'duplicate_key', message };
  }

  private refuseSecondDocument(): void {
    const rest = /^---(?=\s|$)/m.exec(this.text.slice(this.cursor));
    const from = this.cursor + (rest?.index ?? 0);
    const message = 'A second document begins here. A file holds one tool.';
    this.findings.push({ from, to: from + 3, code: 'many_documents', message });
    this.spoiled = true;
  }

  private refuseDirective(): void {
    const from = /^%/m.exec(this.text)?.index ?? 0;
    this.findings.push({
      from,
      to: from + 1,
      code: 'directive',
      message: 'Lines that begin with % cannot be used here.',
    });
  }
}

/** @returns the first place at or behind `at` that is no white space, comment or comma */
function skipBlank(text: string, at: number): number {
  let place = at;
  while (place < text.length) {
    const character = text.charAt(place);
    if (character === '#' && (place === 0 || /\s/.test(text.charAt(place - 1)))) {
      while (place < text.length && !/[\r\n]/.test(text.charAt(place))) place += 1;
    } else if (/[\s,]/.test(character)) place += 1;
    else break;
  }
  return place;
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /\s/.test(text.charAt(end - 1))) end -= 1;
  return end;
}

function shorten(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key;
}
