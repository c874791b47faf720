import type { AiMessage } from '../ai_gateway';
import { PRACTICE_LABEL } from './practice_label';

export type Intent =
  | 'empty'
  | 'distress'
  | 'asks_for_prompt'
  | 'asks_who'
  | 'greeting'
  | 'thanks'
  | 'goodbye'
  | 'wants_answer'
  | 'stuck'
  | 'yes'
  | 'no'
  | 'short'
  | 'long'
  | 'question'
  | 'statement';

/** What stands in the conversation when the pupil waits for an answer. */
export type Turn = {
  text: string;
  intent: Intent;
  wordCount: number;
  /** what the pupil wrote before, oldest first */
  earlier: string[];
  /** our own answers without their label, oldest first, with what the pupil said to each; the last is open */
  answers: { text: string; reply: string | null }[];
};

const SIGNS: [Intent, RegExp][] = [
  [
    'distress',
    /\b(kill(ing)? myself|want(ed)? to die|suicid\w*|hurt(ing)? myself|self[- ]?harm\w*|cut(ting)? myself|end my life|(hits|hurts|beats|touches) me)\b/i,
  ],
  [
    'asks_for_prompt',
    /\b(system prompt|your (secret |hidden )?(instructions|prompt|rules)|(ignore|forget) (all |any )?(of )?(your |the |previous |above )+(instructions|rules|prompt)?)\b/i,
  ],
  ['asks_who', /\b(who|what) are you\b|\bare you (a |an )?(real|human|person|robot|bot|ai|chat ?gpt)\b/i],
  [
    'wants_answer',
    /\b(just|please|simply|only)?\s*(tell|give|show|say|send) (me |us )?(just )?(the |an |all the )?(right |correct |full |final )?(answers?|solutions?|result)\b|\bwhat(['’]s| is) the (right |correct |final )?(answer|solution)\b|\b(just|please) (tell me|do it|solve it|write it)\b|\bdo (it|my homework) for me\b/i,
  ],
  [
    'stuck',
    /\b(i['’]?m |im |i am |totally |so |completely )?(stuck|lost|confused)\b|\bno (idea|clue)\b|\b(don['’]?t|do not|dont) (know|get it|understand)\b|\bi give up\b|\bidk\b|\btoo (hard|difficult)\b|^\s*(help|hint)( me)?( please)?[.!?]*\s*$/i,
  ],
];

const WHOLE_SIGNS: [Intent, RegExp][] = [
  [
    'greeting',
    /^(hi+|hey+|hello|hallo|good (morning|afternoon|evening)|greetings|yo)( there| again)?[\s,.!]*(\w+)?[\s.!]*$/i,
  ],
  ['thanks', /^(ok(ay)?[\s,]*)?(great[\s,]*|cool[\s,]*)?(many )?(thanks?|thank you|thx|ty)\b.{0,40}$/i],
  ['goodbye', /^(good ?bye|bye( bye)?|see you|see ya|that['’]?s all|i['’]?m done)\b.{0,20}$/i],
  ['yes', /^(yes|yeah|yep|yup|sure|ok(ay)?|right|i (do|did|think so|am))( please)?[\s.!]*$/i],
  ['no', /^(no|nope|nah|not really|i (don['’]?t|didn['’]?t)( think so)?)[\s.!]*$/i],
];

export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

export function readIntent(text: string): Intent {
  const trimmed = text.trim();
  if (!/[\p{L}\p{N}]/u.test(trimmed)) return 'empty';
  const words = countWords(trimmed);
  const whole = WHOLE_SIGNS.find(([, sign]) => sign.test(trimmed));
  if (whole) return whole[0];
  // In a long text such words belong to the text, except the first kind, which is never passed over.
  const sign = SIGNS.find(([intent, each]) => (words <= 40 || intent === 'distress') && each.test(trimmed));
  if (sign) return sign[0];
  if (words > 60) return 'long';
  if (
    /\?\s*$/.test(trimmed) ||
    /^(why|how|what|when|where|who|which|can|could|does|do|is|are)\b/i.test(trimmed)
  ) {
    return 'question';
  }
  return words <= 3 ? 'short' : 'statement';
}

// Whoever pastes a book gets an answer about its beginning, and nobody else has to wait for it.
const LONGEST_READ = 8000;

export function readTurn(messages: AiMessage[]): Turn {
  const pupil = messages.flatMap(({ role, content }) =>
    role === 'user' ? [content.slice(0, LONGEST_READ)] : [],
  );
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const answers = messages.flatMap(({ role, content }, at) => {
    if (role !== 'assistant') return [];
    const next = messages.findIndex((each, later) => later > at && each.role === 'user');
    const reply = next === -1 || next === last ? null : (messages[next]?.content ?? null);
    return [{ text: content.replace(PRACTICE_LABEL, '').trim(), reply }];
  });
  const text = pupil.at(-1) ?? '';
  return {
    text,
    intent: readIntent(text),
    wordCount: countWords(text),
    earlier: pupil.slice(0, -1),
    answers,
  };
}
