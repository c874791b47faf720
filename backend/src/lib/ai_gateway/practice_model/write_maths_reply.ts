import type { Speaker } from './create_speaker';
import { findMaths, fits, type Maths } from './find_maths';
import * as phrases from './maths_phrases';
import type { Tool } from './read_tool';
import { readIntent, type Turn } from './read_turn';

type Equation = Extract<Maths, { kind: 'equation' }>;

const writeNumber = (value: number) => String(Math.round(value * 1e4) / 1e4);
const formula = (source: string) => `$${source}$`;

function writeTerm(coefficient: number, variable: string): string {
  if (coefficient === 1) return variable;
  return coefficient === -1 ? `-${variable}` : `${writeNumber(coefficient)}${variable}`;
}

/** The next move for whoever stands before the equation; it names no number that is not in it already. */
function writeNextMove(equation: Equation): string {
  const { left, right, variable } = equation;
  if (equation.degree === 2) {
    const isReady = [left, right].some(({ coefficients }) => coefficients.every((each) => each === 0));
    return `${isReady ? phrases.ZERO_THERE : phrases.MAKE_ZERO} ${phrases.FACTORS}`;
  }
  const [leftRest, leftFactor] = left.coefficients;
  const [rightRest, rightFactor] = right.coefficients;
  if (leftFactor !== 0 && rightFactor !== 0) {
    return phrases.GATHER_MOVE.replace('{term}', formula(writeTerm(rightFactor, variable)));
  }
  const [rest, factor] = leftFactor === 0 ? [rightRest, rightFactor] : [leftRest, leftFactor];
  const term = formula(writeTerm(factor, variable));
  if (rest !== 0) {
    return phrases.REST_MOVE.replace('{rest}', formula(writeNumber(Math.abs(rest))))
      .replace('{sign}', rest > 0 ? 'added to' : 'taken from')
      .replace('{term}', term);
  }
  return phrases.FACTOR_MOVE.replace('{term}', term).replace('{variable}', formula(variable));
}

/** The moves of a linear equation with its letter on one side, as a list. */
function listMoves(equation: Equation): string {
  const { left, right, variable, solutions } = equation;
  const [value] = solutions;
  const [a, b] = left.coefficients[1] === 0 ? [right, left] : [left, right];
  if (equation.degree !== 1 || b.coefficients[1] !== 0 || value === undefined) return '';
  const [rest, factor] = a.coefficients;
  const moves: string[] = [];
  if (rest !== 0) {
    const verb = rest > 0 ? 'Take' : 'Add';
    const place = rest > 0 ? 'from both sides' : 'to both sides';
    const now = `${writeTerm(factor, variable)} = ${writeNumber(b.coefficients[0] - rest)}`;
    moves.push(`${verb} ${formula(writeNumber(Math.abs(rest)))} ${place}: ${formula(now)}`);
  }
  if (factor !== 1) {
    moves.push(
      `Divide both sides by ${formula(writeNumber(factor))}: ${formula(`${variable} = ${writeNumber(value)}`)}`,
    );
  }
  return moves.map((move, at) => `${at + 1}. ${move}`).join('\n');
}

function writeSolution(equation: Equation): string {
  const { solutions, variable, source } = equation;
  if (solutions.length === 0)
    return `No number fits ${formula(source)}: the square would have to be negative.`;
  const moves = listMoves(equation);
  if (moves) return `One move at a time, from ${formula(source)}:\n\n${moves}`;
  const list = solutions.map((each) => formula(`${variable} = ${writeNumber(each)}`)).join(' and ');
  return `For ${formula(source)} I get ${list}. Put ${solutions.length === 1 ? 'it' : 'each of them'} back in to see that both sides agree.`;
}

function replyToEquation(tool: Tool, turn: Turn, equation: Equation, speaker: Speaker): string {
  if (!tool.noDirectAnswers) {
    return [writeSolution(equation), speaker.say(phrases.AFTER_SOLUTION)].join('\n\n');
  }
  const refusal = turn.intent === 'wants_answer' ? `${speaker.say(phrases.NOT_THE_NUMBER)} ` : '';
  const opener = refusal || `${speaker.say(phrases.EQUATION_OPENERS, { source: formula(equation.source) })} `;
  return `${opener}${writeNextMove(equation)}`;
}

function replyToSolution(
  tool: Tool,
  turn: Turn,
  solution: Extract<Maths, { kind: 'solution' }>,
  speaker: Speaker,
): string | null {
  const sofar = [...turn.earlier, turn.text].flatMap(findMaths);
  const equation = sofar.findLast(
    (each): each is Equation => each.kind === 'equation' && each.variable === solution.variable,
  );
  if (!equation) return null;
  const fills = { source: formula(equation.source), claim: formula(solution.source) };
  if (!fits(equation, solution.value)) {
    return `${speaker.say(phrases.DOES_NOT_FIT, fills)} ${writeNextMove(equation)}`;
  }
  const second = equation.solutions.length > 1 ? ` ${phrases.ONE_MORE}` : '';
  return `${speaker.say(phrases.FITS, fills)}${second || ` ${speaker.say(tool.noDirectAnswers ? phrases.ASK_HOW : phrases.AFTER_SOLUTION)}`}`;
}

/** The equation the talk is still about: none when something else was said since. */
function findEquationBefore(turn: Turn): Equation | null {
  for (const text of turn.earlier.toReversed()) {
    const maths = findMaths(text);
    const equation = maths.find((each) => each.kind === 'equation');
    if (equation) return equation;
    if (maths.length === 0 && !['stuck', 'wants_answer', 'yes', 'no'].includes(readIntent(text))) return null;
  }
  return null;
}

/** @returns null when the message holds no mathematics we can check */
export function writeMathsReply(tool: Tool, turn: Turn, speaker: Speaker): string | null {
  const here = findMaths(turn.text);
  const solution = here.find((each) => each.kind === 'solution');
  if (solution) {
    const reply = replyToSolution(tool, turn, solution, speaker);
    if (reply) return reply;
  }
  const wrong = here.find((each) => each.kind === 'claim' && !each.holds);
  if (wrong) return speaker.say(phrases.WRONG_CLAIM, { source: formula(wrong.source) });
  const equation = here.find((each) => each.kind === 'equation');
  if (equation) return replyToEquation(tool, turn, equation, speaker);
  const right = here.find((each) => each.kind === 'claim');
  if (right) return speaker.say(phrases.RIGHT_CLAIM, { source: formula(right.source) });
  const sum = here.find((each) => each.kind === 'sum');
  if (sum) {
    const source = formula(sum.source);
    if (tool.noDirectAnswers) return speaker.say(phrases.SUM_HINTS, { source });
    return `${formula(`${sum.source} = ${writeNumber(sum.value)}`)}. ${speaker.say(phrases.AFTER_SOLUTION)}`;
  }
  // “I am stuck” or “just tell me” right after an equation is about that equation.
  if (turn.intent === 'stuck' || turn.intent === 'wants_answer') {
    const equation = findEquationBefore(turn);
    if (equation) return replyToEquation(tool, turn, equation, speaker);
  }
  return null;
}
