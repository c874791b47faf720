import type { Program } from '../lib/define_command';

/** A command as the command line runs it, flags in camel case. @throws Error that lists what is wrong with them */
export async function runCommand<Tools>(
  { commands }: Program<Tools>,
  name: string,
  tools: Tools,
  flags: Record<string, string>,
): Promise<object | string> {
  const read = commands[name]?.read(flags);
  if (!read) throw new Error(`no command ${name}`);
  if ('wrong' in read) throw new Error(read.wrong.join('\n'));
  return read.act(tools);
}
