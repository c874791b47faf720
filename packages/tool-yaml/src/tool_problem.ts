/** A change that puts a problem right without a doubt. Offsets are UTF-16 units of the text that was parsed. */
export type ToolFix = { label: string; from: number; to: number; insert: string };

/**
 * Something wrong with the YAML of a tool, or (as a warning) something its author will want to know.
 * Lines and columns count from 1, columns in UTF-16 units; the end is the first place behind the problem.
 */
export type ToolProblem = {
  severity: 'error' | 'warning';
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** where it stands in the tool, such as `['tests', 0, 'expect']`; empty when it is no single value */
  path: (string | number)[];
  code: string;
  message: string;
  fix?: ToolFix;
};

/** A problem before its offsets have become lines and columns. */
export type Finding = {
  severity?: 'error' | 'warning';
  from: number;
  to: number;
  path?: readonly (string | number)[];
  code: string;
  message: string;
  fix?: ToolFix;
};
