import type { Speaker } from './create_speaker';
import { findStems } from './find_key_words';
import type { Subject } from './find_subject';
import { GLOSSARY, type GlossaryEntry } from './glossary';
import * as phrases from './other_phrases';
import type { Turn } from './read_turn';

/** The idea a text names; failing that, none: words that only belong to an idea do not choose it. */
function findEntry(text: string): GlossaryEntry | undefined {
  const stems = findStems(text);
  return GLOSSARY.find(({ names }) =>
    names.some((name) => [...findStems(name)].every((stem) => stems.has(stem))),
  );
}

export function writeExplainerReply(turn: Turn, subject: Subject, speaker: Speaker): string | null {
  const fills = { word: subject.word };
  if (turn.intent === 'stuck' || turn.intent === 'no') {
    const before = turn.earlier
      .toReversed()
      .map(findEntry)
      .find((each) => each !== undefined);
    return before ? speaker.say(phrases.EXPLAIN_SIMPLER, { compare: before.compare }) : null;
  }
  const asks =
    turn.intent === 'question' ||
    turn.intent === 'wants_answer' ||
    /\b(explain|tell me about|meaning)\b/i.test(turn.text);
  const entry = findEntry(turn.text);
  if (entry && (asks || turn.wordCount <= 4)) {
    return `${speaker.say(phrases.EXPLAIN_OPENERS)} ${entry.plain}\n\n**A picture for it:** ${entry.compare}\n\n${speaker.say(phrases.EXPLAIN_CHECK)} ${entry.ask}`;
  }
  return asks ? speaker.say(phrases.EXPLAIN_UNKNOWN, fills) : null;
}

export function writeDebateReply(name: string, turn: Turn, subject: Subject, speaker: Speaker): string {
  const fills = { word: subject.word, name: name || 'the practice model' };
  const turns = turn.answers.length;
  if (turns === 0 && turn.intent !== 'statement' && turn.intent !== 'long')
    return speaker.say(phrases.DEBATE_FIRST, fills);
  if (turn.intent === 'stuck' || turn.intent === 'wants_answer')
    return speaker.say(phrases.DEBATE_STUCK, fills);
  if (turns >= 5) return speaker.say(phrases.DEBATE_CLOSE, fills);
  const question = speaker.say(phrases.DEBATE_QUESTIONS, fills);
  return turns <= 1 ? `${speaker.say(phrases.DEBATE_OPENERS)}\n\n${question}` : question;
}

export function writePlannerReply(turn: Turn, subject: Subject, speaker: Speaker): string {
  const fills = { word: subject.word, topic: subject.topic };
  const steps = turn.answers.length;
  const step = phrases.PLAN_STEPS[steps];
  if (step) return speaker.say(step, fills);
  if (steps === phrases.PLAN_STEPS.length) {
    // The second message answered “which topic”; what follows its first comma is mostly the grade.
    const [planned] = (turn.earlier[1] ?? '').split(/[,.;\n]/);
    const topic = (planned ?? '')
      .replace(/[^\p{L}\p{N} '’-]/gu, '')
      .slice(0, 60)
      .trim();
    return phrases.PLAN_RESULT.replaceAll('{topic}', topic || subject.topic);
  }
  return speaker.say(phrases.PLAN_AFTER, fills);
}
