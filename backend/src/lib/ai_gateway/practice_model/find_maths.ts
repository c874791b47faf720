import { type Polynomial, parsePolynomial } from './parse_polynomial';

/** Mathematics that a pupil wrote, checked. `source` is written in the notation of $...$ without the signs. */
export type Maths =
  | { kind: 'sum'; source: string; value: number }
  | { kind: 'claim'; source: string; holds: boolean }
  | { kind: 'solution'; source: string; variable: string; value: number }
  | {
      kind: 'equation';
      source: string;
      variable: string;
      left: Polynomial;
      right: Polynomial;
      degree: 1 | 2;
      /** empty when no number fits */
      solutions: number[];
    };

const TOKEN = /\d+(?:\.\d+)?|[-+*/^=()]|[a-zA-Z]/g;

/** One way to write each sign: people type ×, ·, ÷, a long minus and small raised twos. */
function unifySigns(text: string): string {
  return text
    .replace(/[−–]/g, '-')
    .replace(/[×·⋅]/g, '*')
    .replace(/÷/g, '/')
    .replace(/²/g, '^2')
    .replace(/(?<=\d),(?=\d{3}\b)/g, '')
    .replace(/(?<=\d)\s*[xX]\s+(?=\d)/g, ' * ');
}

/** Stretches of signs that may be mathematics: a letter that belongs to a word ends one, as do two neighbours without a sign. */
function findStretches(text: string): string[] {
  const stretches: string[] = [];
  let current = '';
  let end = -1;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const isLetter = /[a-zA-Z]/.test(token);
    const partOfWord =
      isLetter &&
      (/[a-zA-Z'’]/.test(text[match.index - 1] ?? '') || /[a-zA-Z'’]/.test(text[match.index + 1] ?? ''));
    const between = text.slice(end, match.index);
    const touches = between === '';
    const continues =
      current !== '' &&
      /^[ \t]*$/.test(between) &&
      (touches || /[-+*/^=(]$/.test(current) || /^[-+*/^=)]/.test(token));
    if (partOfWord || !continues) {
      if (current) stretches.push(current);
      current = partOfWord ? '' : token;
    } else {
      current += token;
    }
    end = match.index + token.length;
  }
  if (current) stretches.push(current);
  return stretches
    .map((stretch) => stretch.replace(/^[*/^=)]+|[-+*/^=(]+$/g, ''))
    .filter((each) => each.length > 2);
}

const round = (value: number) => Math.round(value * 1e6) / 1e6 || 0;

function solve(left: Polynomial, right: Polynomial): { degree: 0 | 1 | 2; solutions: number[] } {
  const [c = 0, b = 0, a = 0] = left.coefficients.map((each, at) =>
    round(each - (right.coefficients[at] ?? 0)),
  );
  if (a !== 0) {
    const inside = round(b * b - 4 * a * c);
    if (inside < 0) return { degree: 2, solutions: [] };
    const roots = [(-b - Math.sqrt(inside)) / (2 * a), (-b + Math.sqrt(inside)) / (2 * a)].map(round);
    return { degree: 2, solutions: [...new Set(roots)].sort((one, other) => one - other) };
  }
  return b === 0 ? { degree: 0, solutions: [] } : { degree: 1, solutions: [round(-c / b)] };
}

/** The notation of formulas: signs with room around them, products as dots. */
function writeFormula(source: string): string {
  return source
    .replace(/\*/g, ' \\cdot ')
    .replace(/(?<=[\w)])([-+=/])/g, ' $1 ')
    .replace(/=(?=\S)/g, '= ')
    .replace(/\s+/g, ' ')
    .trim();
}

function readEquality(stretch: string, leftText: string, rightText: string): Maths | null {
  const left = parsePolynomial(leftText);
  const right = parsePolynomial(rightText);
  if (!left || !right) return null;
  const variables = new Set([left.variable, right.variable].filter((each) => each !== null));
  const [variable] = variables;
  const source = writeFormula(stretch);
  if (variable === undefined) {
    // “3 = 3” is no calculation.
    if (!/[-+*/^]/.test(stretch.slice(1))) return null;
    return {
      kind: 'claim',
      source,
      holds: round((left.coefficients[0] ?? 0) - (right.coefficients[0] ?? 0)) === 0,
    };
  }
  if (variables.size > 1) return null;
  const sides = [leftText, rightText];
  if (sides.includes(variable)) {
    const other = leftText === variable ? right : left;
    if (other.variable === null)
      return { kind: 'solution', source, variable, value: round(other.coefficients[0] ?? 0) };
  }
  const { degree, solutions } = solve(left, right);
  return degree === 0 ? null : { kind: 'equation', source, variable, left, right, degree, solutions };
}

function readStretch(stretch: string): Maths | null {
  const sides = stretch.split('=');
  if (sides.length === 2) return readEquality(stretch, sides[0] ?? '', sides[1] ?? '');
  // Dates and page ranges are no sums.
  if (sides.length > 2 || /^\d+(-\d+)+$/.test(stretch.replace(/\s/g, '')) || !/\d.*[-+*/^].*\d/.test(stretch))
    return null;
  const value = parsePolynomial(stretch);
  if (!value || value.variable !== null) return null;
  return { kind: 'sum', source: writeFormula(stretch), value: round(value.coefficients[0] ?? 0) };
}

/** All the mathematics in a text, in its order. Chains such as 2 + 3 = 5 + 1 = 6 are left alone. */
export function findMaths(text: string): Maths[] {
  return findStretches(unifySigns(text.slice(0, 4000))).flatMap((stretch) => {
    // A subtraction needs room around its sign, or “12-3” in “pages 12-3” would count; with room it is one.
    const read = stretch.length <= 60 ? readStretch(stretch) : null;
    return read ? [read] : [];
  });
}

/** Whether a number fits an equation. */
export function fits(equation: Extract<Maths, { kind: 'equation' }>, value: number): boolean {
  const at = (side: Polynomial) =>
    side.coefficients.reduce((sum, coefficient, power) => sum + coefficient * value ** power, 0);
  return Math.abs(at(equation.left) - at(equation.right)) < 1e-6;
}
