import { parseEvents, YAMLException } from 'js-yaml';
import { limits } from './limits';
import type { LineIndex } from './line_index';
import type { Finding, ToolFix } from './tool_problem';

/** Where the parser stopped making sense of a text, and why. */
export type Place = { text: string; lines: LineIndex; position: number; reason: string; line: number };

/** What is wrong there; that it is syntax goes without saying. */
export type Found = Omit<Finding, 'code'>;

/** A fix is offered only when the parser, given the fixed text, gets past the place that was fixed. */
export function readsFurther(text: string, fix: ToolFix, beyond: number): boolean {
  try {
    parseEvents(text.slice(0, fix.from) + fix.insert + text.slice(fix.to), { maxDepth: limits.depth + 1 });
    return true;
  } catch (error) {
    return error instanceof YAMLException && (error.mark?.position ?? 0) > beyond;
  }
}
