const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const numberWords = new Set([...units, ...tens, 'fourty', 'hundred', 'a']);

/**
 * The whole number below a thousand that was written in English words or in digits with something around
 * them: `forty`, `twenty-five`, `one hundred and ten`, `40 messages`.
 * @returns undefined when it is none for certain
 */
export function readNumberWords(text: string): number | undefined {
  const digits = /^(\d{1,3})(?:\.0+)?(?: [a-z]{1,12})?$/i.exec(text.trim());
  if (digits) return Number(digits[1]);
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s-]+/)
    .filter((word) => word !== 'and');
  // “forty messages”: what is counted may follow
  const counted = words.length > 1 && !numberWords.has(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  if (words.length === 0 || words.length > 4) return undefined;
  let sum = 0;
  // what the next word may still be: hundreds, then tens, then units
  let room = 1000;
  for (const word of counted) {
    const unit = word === 'a' && words.length > 1 ? 1 : units.indexOf(word);
    const ten = tens.indexOf(word === 'fourty' ? 'forty' : word);
    if (word === 'hundred' && room === 1 && sum >= 1 && sum <= 9) {
      sum *= 100;
      room = 100;
    } else if (ten >= 0 && room >= 100) {
      sum += (ten + 2) * 10;
      room = 10;
    } else if (unit >= 0 && room > (unit >= 10 ? 10 : 1)) {
      sum += unit;
      room = 1;
    } else return undefined;
  }
  return sum;
}
