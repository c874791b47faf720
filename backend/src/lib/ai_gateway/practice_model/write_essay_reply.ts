import type { Speaker } from './create_speaker';
import * as phrases from './essay_phrases';
import type { Tool } from './read_tool';
import { countWords, type Turn } from './read_turn';
import { reviewText, type TextReview } from './review_text';

/** From this many words on a message is a piece of work rather than talk about it. */
const SHORTEST_DRAFT = 40;
const LONG_SENTENCE = 28;

function listStrengths(review: TextReview): string[] {
  const strengths = [`You have **${review.words} words in ${review.sentences} sentences** to work with.`];
  if (review.thesis) strengths.push(`I can hear what you stand for: “${review.thesis}”`);
  if (review.evidence >= 2)
    strengths.push(
      `There are about **${review.evidence} places** where you give a reason or something to check.`,
    );
  if (review.linkingWords >= 2)
    strengths.push('Your linking words lead the reader from one thought to the next.');
  if (review.averageLength >= 10 && review.averageLength <= 20) {
    strengths.push(
      `Your sentences have about ${review.averageLength} words on average, which is easy to follow.`,
    );
  }
  return strengths.slice(0, 3);
}

/** The one thing that helps most, never all of them: a list of seven faults helps nobody. */
function chooseWeakness(review: TextReview): { advice: string; question: string } {
  if (!review.thesis) return { advice: phrases.NO_THESIS, question: phrases.ASK_THESIS };
  if (review.evidence < 2) return { advice: phrases.NO_EVIDENCE, question: phrases.ASK_EVIDENCE };
  if (review.longest.words > LONG_SENTENCE) {
    return {
      advice: `Your longest sentence has **${review.longest.words} words**. It begins “${review.longest.beginning}”`,
      question: phrases.ASK_SPLIT,
    };
  }
  if (review.repeated) {
    return {
      advice: `The word **${review.repeated.word}** comes ${review.repeated.times} times.`,
      question: phrases.ASK_REPEATED,
    };
  }
  if (review.paragraphs < 2 && review.words > 120)
    return { advice: phrases.ONE_BLOCK, question: phrases.ASK_BLOCK };
  return { advice: phrases.LITTLE_LEFT, question: phrases.ASK_LAST };
}

function compareDrafts(before: TextReview, now: TextReview): string {
  const changes: string[] = [];
  if (now.evidence > before.evidence) changes.push('more reasons the reader can check');
  if (now.longest.words < before.longest.words) changes.push('a shorter longest sentence');
  if (now.thesis && !before.thesis) changes.push('a sentence that says what you stand for');
  if (now.words !== before.words) changes.push(`${now.words} words instead of ${before.words}`);
  return changes.length > 0
    ? `Compared with your last version I see ${changes.join(', ')}.`
    : phrases.SAME_DRAFT;
}

/** The first thing to ask for. */
export function openEssayTalk(tool: Tool, speaker: Speaker): string {
  return speaker.say((tool.interviews ? phrases.STEPS[0] : phrases.STEPS.at(-1)) ?? []);
}

/** @returns null when the message is neither a draft nor a step on the way to one */
export function writeEssayReply(tool: Tool, turn: Turn, speaker: Speaker): string | null {
  if (turn.wordCount >= SHORTEST_DRAFT) {
    const review = reviewText(turn.text);
    const earlier = turn.earlier.findLast((text) => countWords(text) >= SHORTEST_DRAFT);
    const opener = earlier ? compareDrafts(reviewText(earlier), review) : speaker.say(phrases.DRAFT_OPENERS);
    const { advice, question } = chooseWeakness(review);
    const strengths = listStrengths(review).map((each) => `- ${each}`);
    return [
      opener,
      `**What already works**\n${strengths.join('\n')}`,
      `**One thing to sharpen**\n- ${advice}`,
      `**Your turn:** ${question}`,
    ].join('\n\n');
  }
  if (turn.intent === 'wants_answer') return speaker.say(phrases.NOT_MY_PEN);
  if (turn.intent === 'stuck') return speaker.say(phrases.STUCK_WRITING);
  const steps = tool.interviews ? phrases.STEPS : phrases.STEPS.slice(2);
  const step = steps[turn.answers.length];
  return step ? speaker.say(step) : null;
}
