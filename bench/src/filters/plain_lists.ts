/**
 * The peer: what is usually put in front of a chat. One pattern for each kind of personal data, words that must
 * not occur, a topic that must be named, phrases of somebody who is stuck.
 */
const personal = [
  /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/g,
  /\b(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  /\b(?:\d[ -]*?){13,16}\b/g,
  /\b(?:\d{1,3}\.){3}\d{1,3}\b/g,
  /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/g,
  /\b\d{1,5}\s\w+(?:\s\w+)*\s(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct)\b/gi,
];
const dangerous =
  /\b(?:kill|killing|suicide|suicidal|die|dead|murder|shoot|stab|gun|knife|bomb|weapon|drug|drugs|weed|meth|cocaine|vape|sex|sexy|sexual|porn|nude|nudes|naked|hate|stupid|idiot|dumb|ugly|loser|slut|bitch|fuck|shit|hack|poison|cutting|overdose)\b/i;
const stuck =
  /\b(?:i don'?t (?:understand|get it|know)|i'?m (?:stuck|lost|confused)|help|too hard|idk|give up|can'?t do)\b/i;

export const plainLists = {
  personal: (text: string) =>
    personal.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(({ 0: match, index }) => ({ from: index, to: index + match.length })),
    ),
  dangerous: (text: string) => dangerous.test(text),
  leavesTopic: (text: string, topics: string[]) => {
    const words = topics
      .flatMap((topic) => topic.toLowerCase().split(/\s+/))
      .filter((word) => word.length > 3);
    return !words.some((word) => text.toLowerCase().includes(word));
  },
  isStuck: (text: string) => stuck.test(text),
};
