import type { z } from 'zod';

/** What was typed after the name of a command, in camel case: `--tenant-id` is `tenantId`. */
type Typed = Record<string, string | undefined>;

/**
 * One command of a program: the names of its flags, and what they come to: its work, or what is wrong with them. The
 * work answers with what is printed as JSON, or with the very text.
 */
export type Command<Tools> = {
  flags: string[];
  read(typed: Typed): { act: (tools: Tools) => Promise<object | string> } | { wrong: string[] };
};
export type Program<Tools> = { usage: string; commands: Record<string, Command<Tools>> };

/**
 * A command with its flags. One that is missing, not understood or does not belong to this command is told of by its
 * typed name, before anything is opened.
 */
export function defineCommand<Tools, S extends z.ZodObject>(
  flags: S,
  act: (tools: Tools, flags: z.output<S>) => Promise<object | string>,
): Command<Tools> {
  const known = Object.keys(flags.shape);
  return {
    flags: known,
    read: (typed) => {
      const strange = Object.keys(typed).filter((key) => typed[key] !== undefined && !known.includes(key));
      const { data, error } = flags.safeParse(typed);
      if (data && strange.length === 0) return { act: (tools) => act(tools, data) };
      const wrong = error?.issues.map((issue) => describeIssue(issue, typed)) ?? [];
      return {
        wrong: [...strange.map((key) => `${flagOf(key)} does not belong to this command.`), ...wrong],
      };
    },
  };
}

function describeIssue(issue: z.core.$ZodIssue, typed: Typed): string {
  const key = String(issue.path[0] ?? '');
  const isId = issue.code === 'invalid_format' && issue.format === 'template_literal';
  const message = isId ? 'This is not an id of the right kind.' : issue.message;
  return typed[key] === undefined ? `${flagOf(key)} is missing.` : `${flagOf(key)}: ${message}`;
}

/** As it is typed. A password stands in a file, since every user of the machine can see a command line. */
export function flagOf(key: string): string {
  if (key === 'password') return '--password-file';
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What somebody named by typing it: of the things there are, and nothing every object has. */
export function ownOf<T>(things: Record<string, T>, word: string): T | undefined {
  return Object.hasOwn(things, word) ? things[word] : undefined;
}
