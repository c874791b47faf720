const lookalikes: Record<string, string> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/**
 * Text as somebody meant it who writes around filters: one case, no accents, digits read as the letters they
 * stand for inside words, letters set apart brought together, stretched ones shortened.
 */
export function normalise(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}|[\u200b-\u200d\ufeff*_]/gu, '')
      .toLowerCase()
      .replace(/[’‘`´]/g, "'")
      .replace(
        /(?<=[a-z])[013457@$!](?=[a-z])|(?<![\d.,])[013457@$](?=[a-z]{2})/g,
        (sign) => lookalikes[sign] ?? sign,
      )
      // k i l l, k.i.l.l: three or more letters that stand alone
      .replace(/(?<![a-z])(?:[a-z][ .-]){2,}[a-z](?![a-z])/g, (apart) => apart.replace(/[ .-]/g, ''))
      .replace(/([a-z])\1{2,}/g, '$1')
      .replace(/\s+/g, ' ')
  );
}
