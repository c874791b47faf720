/** First letters of the first and the last word of a name, as people are told apart in a list. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}

/** Initials in a circle; the name always stands beside it in words. */
export function Avatar({ name, me }: { name: string; me?: boolean }) {
  return (
    <span className={me ? 'avatar me' : 'avatar'} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
