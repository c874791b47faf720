import { newId } from '@raptscallions/zod-schemas/rich_id';
import { describe, expect, it } from 'vitest';
import { RunTexts } from './run_texts';

const runId = newId('run');
const chunk = (attempt: number, seq: number, text: string) => ({
  kind: 'chunk' as const,
  runId,
  attempt,
  seq,
  text,
});

describe('RunTexts', () => {
  it('X1 joins chunks in order and ignores those it has seen', () => {
    const texts = new RunTexts();
    const taken = [chunk(1, 1, 'Hel'), chunk(1, 2, 'lo'), chunk(1, 1, 'Hel'), chunk(1, 2, 'lo')].map((each) =>
      texts.accept(each),
    );
    expect(taken).toEqual([true, true, false, false]);
    expect(texts.get(runId)).toEqual({ attempt: 1, seq: 2, text: 'Hello' });
  });

  it('X1 begins anew with a higher attempt and ignores a lower one', () => {
    const texts = new RunTexts();
    texts.accept(chunk(1, 1, 'Hello'));
    texts.accept(chunk(2, 1, 'Good'));
    expect(texts.accept(chunk(1, 2, ' there'))).toBe(false);
    texts.accept(chunk(2, 2, ' day'));
    expect(texts.get(runId)?.text).toBe('Good day');
  });

  it('X1 keeps the object until the text changes, and tells of changes only', () => {
    const texts = new RunTexts();
    let told = 0;
    const stop = texts.subscribe(() => {
      told += 1;
    });
    texts.accept(chunk(1, 1, 'Hello'));
    const before = texts.get(runId);
    texts.accept(chunk(1, 1, 'Hello'));
    expect(texts.get(runId)).toBe(before);
    expect(told).toBe(1);
    stop();
    texts.accept(chunk(1, 2, '!'));
    expect(told).toBe(1);
  });

  it('X2 takes over what the leader has unless it knows more itself', () => {
    const texts = new RunTexts();
    texts.accept(chunk(1, 7, 'end'));
    texts.adopt([[runId, { attempt: 1, seq: 7, text: 'the whole to the end' }]]);
    expect(texts.get(runId)?.text).toBe('the whole to the end');
    texts.accept(chunk(2, 1, 'anew'));
    texts.adopt([[runId, { attempt: 1, seq: 9, text: 'void' }]]);
    expect(texts.get(runId)?.text).toBe('anew');
  });

  it('X3 forgets an ended run, but not a later attempt of it', () => {
    const texts = new RunTexts();
    texts.accept(chunk(2, 1, 'anew'));
    texts.forget(runId, 1);
    expect(texts.get(runId)?.text).toBe('anew');
    texts.forget(runId, 2);
    expect(texts.get(runId)).toBeUndefined();
  });
});
