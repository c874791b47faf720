import { createHash } from 'node:crypto';
import type { Speaker } from './create_speaker';
import { findKeyWords, findStems, haveWordInCommon } from './find_key_words';
import { QUIZ_BANK, type QuizQuestion, SUBJECT_WORDS } from './quiz_bank';
import * as phrases from './quiz_phrases';
import type { Tool } from './read_tool';
import type { Turn } from './read_turn';

const LETTERS = 'ABCD';

/** The choices in the order they are shown, which a question always has, and which letter is right. */
function turnChoices(question: QuizQuestion): { shown: string[]; right: number } {
  const right = (createHash('sha256').update(question.question).digest()[0] ?? 0) % 4;
  const [first, ...wrong] = question.choices;
  return { shown: [...wrong.slice(0, right), first, ...wrong.slice(right)], right };
}

/** The number of the choice a pupil means, by letter or by its words; null when they mean none. */
function readChoice(text: string, shown: string[]): number | null {
  const trimmed = text.trim();
  const letter =
    /^\(?([a-d])\)?[\s.):,!]*$/i.exec(trimmed)?.[1] ??
    /^\(?([b-d])\b/i.exec(trimmed)?.[1] ??
    /\b(?:answer|think|choose|pick|take|say|is|guess|be)\s+(?:is |it'?s )?\(?([a-d])\b[).!]*\s*(?:$|because|since)/i.exec(
      trimmed,
    )?.[1];
  if (letter) return LETTERS.indexOf(letter.toUpperCase());
  const words = trimmed.toLowerCase();
  const meant = shown.findIndex(
    (choice) => words.length > 0 && (words.includes(choice.toLowerCase()) || choice.toLowerCase() === words),
  );
  return meant === -1 ? null : meant;
}

type Progress = {
  asked: QuizQuestion[];
  right: number;
  /** the question that waits for an answer, with the tries it has had */
  open: { question: QuizQuestion; tries: number } | null;
};

/** The quiz so far, read from the conversation: there is no other memory. */
function replay(tool: Tool, turn: Turn, bank: QuizQuestion[]): Progress {
  const progress: Progress = { asked: [], right: 0, open: null };
  for (const answer of turn.answers) {
    const question = bank.find((each) => answer.text.includes(`\n\n${each.question}\n\n`));
    if (!question) continue;
    if (!progress.asked.includes(question)) {
      progress.asked.push(question);
      progress.open = { question, tries: 0 };
    }
    // The pupil's word after this answer of ours; the last one is judged by the caller.
    if (answer.reply === null || !progress.open) continue;
    const { shown, right } = turnChoices(question);
    const choice = readChoice(answer.reply, shown);
    if (choice === null) continue;
    progress.open.tries++;
    if (choice === right) progress.right++;
    if (choice === right || !tool.noDirectAnswers || progress.open.tries >= 2) progress.open = null;
  }
  return progress;
}

function writeQuestion(question: QuizQuestion, number: number, count: number): string {
  const { shown } = turnChoices(question);
  const choices = shown.map((choice, at) => `- **${LETTERS[at]})** ${choice}`).join('\n');
  return `**Question ${number} of ${count}**\n\n${question.question}\n\n${choices}`;
}

/** The questions that suit the tool best; where none does, questions about how to learn its topic. */
function chooseBank(tool: Tool, turn: Turn): QuizQuestion[] {
  const wish = findStems([...turn.earlier, turn.text].slice(0, 2).join(' '));
  const subjects = Object.entries(SUBJECT_WORDS);
  const own = findStems(tool.topics.join(' '));
  const wanted =
    subjects.find(([, words]) => haveWordInCommon(own, findStems(words))) ??
    subjects.find(([, words]) => haveWordInCommon(wish, findStems(words))) ??
    (own.size === 0
      ? subjects.find(([, words]) => haveWordInCommon(tool.vocabulary, findStems(words)))
      : undefined);
  if (wanted) return QUIZ_BANK.filter(({ subject }) => subject === wanted[0]);
  const topic =
    tool.topics[0] ?? findKeyWords(turn.earlier[0] ?? turn.text, new Set(), 1)[0] ?? 'your subject';
  return QUIZ_BANK.filter(({ subject }) => subject === 'learning').map((each) => ({
    ...each,
    question: each.question.replace('{topic}', topic),
  }));
}

export function writeQuizReply(tool: Tool, turn: Turn, speaker: Speaker): string {
  const bank = chooseBank(tool, turn);
  const count = Math.min(tool.questionCount, bank.length);
  const { asked, right, open } = replay(tool, turn, bank);
  const askNext = (before: string, rightSoFar: number) => {
    const next = speaker.pick(bank.filter((each) => !asked.includes(each)));
    if (next && asked.length < count) return `${before}\n\n${writeQuestion(next, asked.length + 1, count)}`;
    const share = rightSoFar / Math.max(1, asked.length);
    const verdict = speaker.say(
      share >= 0.8 ? phrases.STRONG : share >= 0.4 ? phrases.MIDDLING : phrases.EARLY,
    );
    return `${before}\n\n**That was the last question: ${rightSoFar} of ${asked.length} right.** ${verdict}`;
  };

  if (asked.length === 0) return askNext(speaker.say(phrases.WELCOME, { count: String(count) }), 0);
  if (!open) return speaker.say(phrases.OVER, { right: String(right), count: String(asked.length) });

  const { shown, right: rightChoice } = turnChoices(open.question);
  const again = writeQuestion(open.question, asked.length, count);
  const choice = readChoice(turn.text, shown);
  if (choice === null) {
    if (turn.intent === 'stuck' || turn.intent === 'wants_answer' || turn.intent === 'question') {
      return `${speaker.say(phrases.HINTS)} ${open.question.hint}\n\n${again}`;
    }
    return `${speaker.say(phrases.PICK_ONE)}\n\n${again}`;
  }
  if (choice === rightChoice) return askNext(`${speaker.say(phrases.RIGHT)} ${open.question.why}`, right + 1);
  if (!tool.noDirectAnswers) {
    const named = `**${LETTERS[rightChoice]}) ${shown[rightChoice]}**`;
    return askNext(`${speaker.say(phrases.NOT_QUITE)} It is ${named}. ${open.question.why}`, right);
  }
  if (open.tries === 0)
    return `${speaker.say(phrases.NOT_QUITE)} ${open.question.hint} Try once more.\n\n${again}`;
  return askNext(speaker.say(phrases.LOOK_IT_UP), right);
}
