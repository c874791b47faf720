import type { Speaker } from './create_speaker';
import type { Subject } from './find_subject';
import type { Tool } from './read_tool';
import type { Turn } from './read_turn';
import * as phrases from './tutor_phrases';

/** A pupil's own words inside our quotation marks, never as Markdown. */
function quoteShort(text: string): string {
  return text
    .trim()
    .replace(/[^\p{L}\p{N} ,.!?'’%/-]/gu, '')
    .slice(0, 60);
}

const LEVEL =
  /\b(grade|year|class|form|level)\s*\d+|\b\d+(st|nd|rd|th)? (grade|year|class)\b|\b(high|middle|primary|elementary) school|\bcollege\b|\bprofessional\b/i;

function chooseQuestions(text: string, hasOther: boolean): readonly string[] {
  if (hasOther && /\b(difference|compare|versus|vs|or)\b/i.test(text)) return phrases.COMPARE_QUESTIONS;
  if (/\bwhy\b/i.test(text)) return phrases.WHY_QUESTIONS;
  if (/\bhow\b/i.test(text)) return phrases.HOW_QUESTIONS;
  if (/\bwhat\b/i.test(text)) return phrases.WHAT_QUESTIONS;
  return phrases.OTHER_QUESTIONS;
}

/** Asks instead of telling: a question about the pupil's own words. It always has something to say. */
export function writeTutorReply(tool: Tool, turn: Turn, subject: Subject, speaker: Speaker): string {
  const { word, other, thread } = subject;
  const fills = { word, thread, other: other ?? word, quoted: quoteShort(turn.text) };
  const turns = turn.answers.length;
  switch (turn.intent) {
    case 'wants_answer':
      return speaker.say(phrases.NO_ANSWER, fills);
    case 'stuck':
      return speaker.say(phrases.STUCK, fills);
    case 'yes':
      return speaker.say(phrases.YES, fills);
    case 'no':
      return speaker.say(phrases.NO, fills);
    case 'long':
      return speaker.say(phrases.LONG, fills);
    case 'question':
      if (tool.interviews && turns === 1) return speaker.say(phrases.ASK_LEVEL, fills);
      return speaker.say(chooseQuestions(turn.text, other !== null), fills);
  }
  if (tool.interviews && turns <= 3 && turn.wordCount <= 8 && LEVEL.test(turn.text)) {
    return speaker.say(turn.earlier.length > 1 ? phrases.ASK_KNOWN : phrases.ASK_TOPIC, fills);
  }
  if (tool.interviews && turns === 1) return speaker.say(phrases.ASK_LEVEL, fills);
  // Every fourth answer gathers what there is, so that a conversation gets somewhere.
  const sinceInterview = turns - (tool.interviews ? 3 : 0);
  if (sinceInterview > 0 && sinceInterview % 4 === 3) return speaker.say(phrases.GATHER, fills);
  if (turn.intent === 'short') return speaker.say(phrases.SHORT, fills);
  if (/\b(because|since|so that|therefore)\b/i.test(turn.text)) return speaker.say(phrases.REASONED, fills);
  return speaker.say(other ? [...phrases.STATEMENTS, ...phrases.STATEMENTS_TWO] : phrases.STATEMENTS, fills);
}
