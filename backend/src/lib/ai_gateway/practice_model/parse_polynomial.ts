/** In at most one letter and at most of the second degree; `coefficients[power]`. */
export type Polynomial = { variable: string | null; coefficients: [number, number, number] };

const constant = (value: number): Polynomial => ({ variable: null, coefficients: [value, 0, 0] });

function joinVariables(one: Polynomial, other: Polynomial): string | null | undefined {
  if (one.variable !== null && other.variable !== null && one.variable !== other.variable) return undefined;
  return one.variable ?? other.variable;
}

function add(one: Polynomial, other: Polynomial, sign: 1 | -1): Polynomial | null {
  const variable = joinVariables(one, other);
  if (variable === undefined) return null;
  const [a, b, c] = one.coefficients;
  const [d, e, f] = other.coefficients;
  return { variable, coefficients: [a + sign * d, b + sign * e, c + sign * f] };
}

function multiply(one: Polynomial, other: Polynomial): Polynomial | null {
  const variable = joinVariables(one, other);
  if (variable === undefined) return null;
  const [a, b, c] = one.coefficients;
  const [d, e, f] = other.coefficients;
  // Of the third degree or more
  if (b * f !== 0 || c * e !== 0 || c * f !== 0) return null;
  return { variable, coefficients: [a * d, a * e + b * d, a * f + b * e + c * d] };
}

function divide(one: Polynomial, other: Polynomial): Polynomial | null {
  const [by] = other.coefficients;
  if (other.variable !== null || by === 0) return null;
  const [a, b, c] = one.coefficients;
  return { variable: one.variable, coefficients: [a / by, b / by, c / by] };
}

function raise(base: Polynomial, exponent: Polynomial): Polynomial | null {
  const [power] = exponent.coefficients;
  if (exponent.variable !== null || !Number.isInteger(power) || power < 0 || power > 12) return null;
  let result: Polynomial | null = constant(1);
  for (let times = 0; times < power && result; times++) result = multiply(result, base);
  return result;
}

/**
 * Numbers, one letter, + - * / ^, brackets, and products without a sign as in 3x or 2(x + 1).
 * @returns null for what is not of this form; numbers beyond a billion are not checked by a rehearsal
 */
export function parsePolynomial(text: string): Polynomial | null {
  const tokens = text.match(/\d+(?:\.\d+)?|[-+*/^()]|[a-zA-Z]/g) ?? [];
  if (tokens.length === 0 || tokens.join('') !== text.replace(/\s/g, '')) return null;
  let at = 0;
  const take = (...expected: string[]) => {
    const token = tokens[at];
    if (token === undefined || !expected.includes(token)) return null;
    at++;
    return token;
  };

  function parseSum(): Polynomial | null {
    let sum = parseProduct();
    while (sum) {
      const sign = take('+', '-');
      if (!sign) return sum;
      const next = parseProduct();
      sum = next && add(sum, next, sign === '+' ? 1 : -1);
    }
    return null;
  }

  function parseProduct(): Polynomial | null {
    let product = parseSigned();
    while (product) {
      const sign = take('*', '/');
      const neighbour = /^[\d(a-zA-Z]/.test(tokens[at] ?? '');
      if (!sign && !neighbour) return product;
      const next = sign ? parseSigned() : parsePower();
      product = next && (sign === '/' ? divide(product, next) : multiply(product, next));
    }
    return null;
  }

  function parseSigned(): Polynomial | null {
    if (!take('-')) return parsePower();
    const positive = parseSigned();
    return positive && multiply(constant(-1), positive);
  }

  function parsePower(): Polynomial | null {
    const base = parseAtom();
    if (!base || !take('^')) return base;
    const exponent = parseAtom();
    return exponent && raise(base, exponent);
  }

  function parseAtom(): Polynomial | null {
    if (take('(')) {
      const inside = parseSum();
      return inside && take(')') ? inside : null;
    }
    const token = tokens[at];
    if (token === undefined || /^[-+*/^()]/.test(token)) return null;
    at++;
    return /\d/.test(token) ? constant(Number(token)) : { variable: token, coefficients: [0, 1, 0] };
  }

  const read = parseSum();
  if (!read || at !== tokens.length) return null;
  return read.coefficients.every((each) => Math.abs(each) < 1e9) ? read : null;
}
