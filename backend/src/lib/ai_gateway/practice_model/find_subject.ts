import { findKeyWords, findStems, haveWordInCommon } from './find_key_words';
import type { Tool } from './read_tool';
import { type Intent, readIntent, type Turn } from './read_turn';

/** What an answer speaks of. */
export type Subject = {
  /** of the pupil's message, or of an earlier one, or the tool's topic: there is always one */
  word: string;
  other: string | null;
  /** of the whole conversation */
  thread: string;
  /** what the tool is for, in a few words */
  topic: string;
  /** the tool has topics and the message shares no word with them */
  offTopic: boolean;
};

/** where neither topics nor the tool's name say what it is for */
export const NO_TOPIC = 'your task';

// A name such as “Essay coach” says what the tool is for once its trade is taken away.
const TRADES = /\b(coach|tutor|mentor|helper|buddy|bot|assistant|explainer|guide|quiz|teacher|ai|the|a)\b/gi;

function nameTopic(tool: Tool): string {
  if (tool.topics.length > 0) return tool.topics.slice(0, 2).join(' and ');
  const fromName = tool.name.replace(TRADES, '').replace(/\s+/g, ' ').trim();
  return fromName.replace(/[^\p{L}\p{N} '’-]/gu, '').trim() || NO_TOPIC;
}

/** Messages such as “I am stuck” are about what was said before them. */
const OWN_MATTER: Intent[] = ['question', 'statement', 'short', 'long'];

export function findSubject(tool: Tool, turn: Turn): Subject {
  const topic = nameTopic(tool);
  const find = (text: string, limit: number) =>
    OWN_MATTER.includes(readIntent(text)) ? findKeyWords(text, tool.vocabulary, limit) : [];
  const accepted: string[] = [];
  const onTopic: Set<string>[] = [];
  for (const text of turn.earlier) {
    const stems = findStems(text);
    if (isOffTopic(tool, text, stems, onTopic)) continue;
    accepted.push(text);
    if (haveWordInCommon(stems, tool.vocabulary)) onTopic.push(stems);
  }
  const offTopic = isOffTopic(tool, turn.text, findStems(turn.text), onTopic);
  const here = find(turn.text, 2);
  const before = accepted.toReversed().flatMap((text) => find(text, 1));
  const [word = topic, other = null] = here.length > 0 ? here : before.slice(0, 1);
  const whole = offTopic ? accepted : [...accepted, turn.text];
  const [thread = topic] = findKeyWords(whole.join('\n'), tool.vocabulary, 1);
  return { word, other, thread, topic, offTopic };
}

/** @param onTopic the stems of earlier messages that spoke of the tool's matter */
function isOffTopic(tool: Tool, text: string, stems: Set<string>, onTopic: Set<string>[]): boolean {
  if (tool.topics.length === 0) return false;
  const intent = readIntent(text);
  // An answer of a few words belongs to the question before it, and a calculation speaks for itself.
  const keyWords = findKeyWords(text, tool.vocabulary, 2).length;
  const saysEnough = intent === 'question' ? keyWords >= 1 : keyWords >= 2;
  if (!saysEnough || !['question', 'statement', 'long', 'wants_answer'].includes(intent)) return false;
  // A pupil's own example may run over several messages.
  return (
    !haveWordInCommon(stems, tool.vocabulary) && !onTopic.some((before) => haveWordInCommon(stems, before))
  );
}
