import { call } from '@orpc/server';
import type { RequestContext } from '../procedures/context';
import type { ListedProcedure } from './list_procedures';

export type Answer = { ok: unknown } | { code: string; message: string };

/** The answer to a call, whatever it was; what a stream of a finished run says is read to its end. */
export async function answerTo(
  { path, procedure }: ListedProcedure,
  input: unknown,
  context: RequestContext,
): Promise<Answer> {
  try {
    const answer: unknown = await call(procedure, input, { context, path: path.split('.') });
    if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer))
      return { ok: answer };
    const parts: unknown[] = [];
    for await (const part of answer as AsyncIterable<unknown>) parts.push(part);
    return { ok: parts };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { code: String(error.code), message: error.message };
  }
}
