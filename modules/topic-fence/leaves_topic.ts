/** What is talked about in a chat, as far as a message can be held against it. */
export type Talk = { topics: string[]; about: string[]; history: string[] };

/** Other worlds pupils stray into, by words that hardly mean anything else. */
const elsewhere: Record<string, RegExp> = {
  games:
    /\b(?:fortnite|minecraft|roblox|robux|call of duty|valorant|league of legends|among us|gta|playstation|xbox|nintendo|pokemon|brawl stars|clash royale|v-?bucks|speedrun|skins?|aim ?bot)\b/i,
  stars:
    /\b(?:taylor swift|kanye|drake|kardashians?|mr ?beast|youtuber|tiktok(?:er)?|influencer|celebrit(?:y|ies)|rapper|k-?pop|bts|blackpink|netflix|marvel|anime|spotify|meme|streamer|twitch|song lyrics)\b/i,
  sport:
    /\b(?:messi|ronaldo|mbapp[eé]|lebron|nba|nfl|super bowl|champions league|premier league|world cup|transfer rumou?rs?|who won the (?:game|match))\b/i,
  love: /\b(?:girlfriend|boyfriend|my crush|ask (?:him|her) out|first date|break ?up|rizz|love letter|pick-?up lines?)\b/i,
  shopping:
    /\b(?:sneakers|nikes?|jordans|iphone|airpods|discount code|promo code|amazon|best phone|cheap(?:est)? (?:phone|laptop|shoes)|gift card|crypto|bitcoin|make money (?:fast|online))\b/i,
  fun: /\b(?:tell me a joke|knock knock|roast me|horoscope|zodiac|star sign|what should i (?:eat|wear)|pizza|recipe|weather (?:today|tomorrow)|are you (?:real|human|alive)|do you (?:like|love) me|sing me|rap about|bored)\b/i,
  otherWork:
    /\b(?:write (?:me )?(?:an?|my) (?:essay|poem|story|letter|speech|email)|do my (?:\w+ )?homework|(?:french|spanish|german|history|geography|english|biology|chemistry|physics|math|maths|computer science|music|art) (?:homework|essay|test|worksheet|assignment)|translate (?:this|that|it|me)|write (?:me )?(?:a )?(?:python|javascript|java|c\+\+|html) )\b/i,
};
/** Out of the tool altogether, whatever the topic. */
const override =
  /\b(?:ignore|forget|disregard|override)\b.{0,30}\b(?:instructions?|rules|prompt|guidelines|everything (?:above|before|you were told)|your teacher)\b|\b(?:you are|you're|act as|pretend (?:to be|you are|you're)|roleplay as)\b.{0,30}\b(?:dan|not an? (?:ai|tutor|coach)|no longer|evil|unfiltered|my (?:girlfriend|boyfriend|friend)|without (?:rules|limits|restrictions))\b|\b(?:show|tell|print|reveal|repeat|what is|what's)\b.{0,25}\b(?:system prompt|your (?:prompt|instructions)|initial instructions)\b|\b(?:developer|jailbreak|god|sudo) mode\b/i;

const fillers = new Set(
  'about above after again also answer because before being between both could does doing down during each explain from further have having help here just know like make more most need only other over please question really same should some such tell than that their them then there these they thing think this those through under understand until very want well were what when where which while with work would write your yours'.split(
    ' ',
  ),
);

function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(
    words
      .filter((word) => !fillers.has(word))
      .map((word) => word.replace(/(?:ations?|tions?|ings?|ically|ical|ies|ed|es|ly|s)$/u, '').slice(0, 7)),
  );
}

/**
 * Where a message goes that leaves the topic; undefined when it stays, or nothing says that it does not: a short
 * or unusual question is a question.
 */
export function findStray(message: string, { topics, about, history }: Talk): string | undefined {
  if (override.test(message)) return 'override';
  if (topics.length === 0) return undefined;
  const world = Object.keys(elsewhere).find((name) => elsewhere[name]?.test(message));
  if (!world) return undefined;
  // The tool may be about just that.
  const pattern = elsewhere[world];
  if (pattern && [...topics, ...about].some((text) => pattern.test(text))) return undefined;
  const here = stems([...topics, ...about, ...history.slice(-6)].join(' '));
  const common = [...stems(message)].some((stem) => here.has(stem));
  return common ? undefined : world;
}
