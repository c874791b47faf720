import { openModule } from '@raptscallions/module-sdk/open_module';
import { expect, test } from 'vitest';

const detector = await openModule(import.meta.dirname);
/** Which of the pupil's messages are noticed. */
function noticed(said: string[], config = {}): number[] {
  return said.flatMap((text, at) => {
    const history = said.slice(0, at).map((earlier) => ({ role: 'user' as const, text: earlier }));
    const { extractions = [] } = detector.call('chat:on_message', { role: 'user', text, history, config });
    return extractions.length > 0 ? [at] : [];
  });
}

test('somebody who gives up is noticed at once', () => {
  expect(noticed(['what is x', 'i give up'])).toEqual([1]);
});

test('small signs count when they come together', () => {
  expect(noticed(['idk', 'not sure', 'no idea ???'])).toEqual([2]);
});

test('it is said once, not with every message after it', () => {
  expect(noticed(["i don't get it", "i still don't get it", 'huh?'])).toEqual([0]);
});

test('ordinary work is not noticed, and neither is what the AI says', () => {
  expect(noticed(['i got 12', 'because 3 * 4', 'not sure but maybe 14', 'ah ok'])).toEqual([]);
  const result = detector.call('chat:on_message', {
    role: 'assistant',
    text: "I don't understand, I give up",
  });
  expect(result).toEqual({ kind: 'continue' });
});

test('the school says how soon', () => {
  const said = ['just tell me the answer'];
  expect(noticed(said, { sensitivity: 'low' })).toEqual([]);
  expect(noticed(said, { sensitivity: 'high' })).toEqual([0]);
});
