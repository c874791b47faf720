import { findKeyWords, findStems, haveWordInCommon } from './find_key_words';
import type { Tool } from './read_tool';
import type { Turn } from './read_turn';

/** What an answer speaks of. */
export type Subject = {
  /** of the pupil's message, or of an earlier one, or the tool's topic: there is always one */
  word: string;
  other: string | null;
  /** what the tool is for, in a few words */
  topic: string;
  /** the tool has topics and the message shares no word with them */
  offTopic: boolean;
};

// A name such as “Essay coach” says what the tool is for once its trade is taken away.
const TRADES = /\b(coach|tutor|mentor|helper|buddy|bot|assistant|explainer|guide|quiz|teacher|ai|the|a)\b/gi;

function nameTopic(tool: Tool): string {
  if (tool.topics.length > 0) return tool.topics.slice(0, 2).join(' and ');
  const fromName = tool.name.replace(TRADES, '').replace(/\s+/g, ' ').trim();
  return fromName.replace(/[^\p{L}\p{N} '’-]/gu, '').trim() || 'your task';
}

export function findSubject(tool: Tool, turn: Turn): Subject {
  const topic = nameTopic(tool);
  const here = findKeyWords(turn.text, tool.vocabulary, 2);
  const earlier = turn.earlier.toReversed().flatMap((text) => findKeyWords(text, tool.vocabulary, 1));
  const [word = topic, other = null] = here.length > 0 ? here : earlier.slice(0, 1);
  return { word, other, topic, offTopic: tool.topics.length > 0 && isOffTopic(tool, turn, here.length) };
}

function isOffTopic(tool: Tool, turn: Turn, keyWords: number): boolean {
  // An answer of a few words belongs to the question before it, and a calculation speaks for itself.
  const saysEnough = turn.intent === 'question' ? keyWords >= 1 : keyWords >= 2;
  if (!saysEnough || !['question', 'statement', 'long', 'wants_answer'].includes(turn.intent)) return false;
  const stems = findStems(turn.text);
  if (haveWordInCommon(stems, tool.vocabulary)) return false;
  // Words that were accepted before stay accepted: a pupil's own example may run over several messages.
  return !turn.earlier.some((text) => {
    const before = findStems(text);
    return haveWordInCommon(before, tool.vocabulary) && haveWordInCommon(stems, before);
  });
}
