import type { Speaker } from './create_speaker';
import * as phrases from './plain_phrases';
import type { Turn } from './read_turn';

/** What needs the same answer in every tool; null for everything else. */
export function writePlainReply(turn: Turn, topic: string, speaker: Speaker): string | null {
  const fills = { topic };
  switch (turn.intent) {
    case 'distress':
      return phrases.DISTRESS;
    case 'asks_for_prompt':
      return speaker.say(phrases.ASKS_FOR_PROMPT, fills);
    case 'asks_who':
      return speaker.say(phrases.ASKS_WHO, fills);
    case 'thanks':
      return turn.answers.length > 0 ? speaker.say(phrases.THANKS, fills) : null;
    case 'goodbye':
      return speaker.say(phrases.GOODBYE, fills);
    case 'empty':
      return speaker.say(phrases.EMPTY, fills);
    case 'greeting':
      return turn.answers.length > 0 ? speaker.say(phrases.GREETING_AGAIN, fills) : null;
    default:
      return null;
  }
}
