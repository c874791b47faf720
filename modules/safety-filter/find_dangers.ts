import { normalise } from './normalise';

export const categories = ['self_harm', 'threat', 'bullying', 'grooming', 'sexual', 'danger'] as const;
export type Category = (typeof categories)[number];

const me = "(?:i|i'm|im|i am|i've|ive|i'd|id|me|my)";
const will =
  "(?:i'll|ill|i will|i'm going to|im going to|i'm gonna|im gonna|gonna|i want to|i wanna|i swear i'll|we'll|we will|we're going to)";
const people =
  '(?:you|u|him|her|them|everyone|everybody|someone|somebody|my (?:teacher|mom|mum|dad|brother|sister|classmates?|class|stepdad|parents|ex)|that (?:kid|boy|girl|teacher)|this (?:kid|boy|girl)|(?:the|those) (?:kids|teachers?|principal)|mr \\w+|mrs \\w+|ms \\w+)';
const insult =
  '(?:stupid|dumb|ugly|fat|worthless|pathetic|disgusting|retarded|retard|idiot|moron|loser|freak|bitch|slut|whore|trash|garbage|cunt|faggot|fag|dumbass|asshole|piece of (?:shit|crap|trash))';

/** Written for normalised text. */
const patterns: Record<Category, RegExp[]> = {
  self_harm: [
    /\b(?:kill|hang|shoot|drown|starve|burn) (?:myself|my self)\b/,
    /\b(?:cut|cutting|hurt|hurting|harm|harming|punish|punishing) myself\b(?! (?:while|when|on|with (?:the|a) (?:paper|knife while)|shaving|by accident))/,
    /\b(?:i|i'd) (?:just |really |kind of |kinda )?(?:want|wanna|would rather|wish i (?:could|was|were)|need)(?: to)? (?:be )?(?:die|dead|disappear forever|not (?:exist|wake up|be alive))\b/,
    /\bwish (?:i|that i) (?:was|were) (?:dead|never born)\b|\bwish i (?:had never|hadn't|was never) been? ?born\b/,
    /\bwanna die\b|\bwant to end (?:it all|my life|everything)\b|\bend(?:ing)? my (?:own )?life\b|\btake my (?:own )?life\b/,
    new RegExp(
      `\\b${me}\\b[^.!?]{0,40}\\b(?:suicidal|commit(?:ting)? suicide|overdos\\w+|self[ -]?harm\\w*)\\b`,
    ),
    /\b(?:no (?:reason|point) (?:to|in) liv(?:e|ing)|don't (?:want|wanna) (?:to )?(?:live|be alive|be here) any ?more|can't (?:go on|live like this))\b/,
    /\b(?:everyone|everybody|they|the world|my family)(?:'d| would|'s| is|'re| are)? (?:all )?(?:be )?better off (?:without me|if i (?:was|were) (?:dead|gone))\b/,
    /\b(?:how many|which) (?:pills|tablets)\b[^.!?]{0,40}\b(?:die|kill|overdose)\b/,
  ],
  threat: [
    new RegExp(
      `\\b${will} (?:\\w+ ){0,2}(?:kill|murder|stab|shoot|strangle|beat up|beat the|hurt|jump|punch|burn down) (?:\\w+ )?${people}\\b`,
    ),
    /\b(?:bring|brought|bringing|take|taking|have|hid|got) (?:a|my|the|my dad's|his) (?:gun|knife|pistol|rifle|bomb)\b[^.!?]{0,30}\b(?:to|at|in(?:to)?) (?:school|class|my (?:bag|locker|backpack))\b/,
    /\bshoot(?:ing)? up (?:the|this|my|our) (?:school|class|place|cafeteria)\b|\b(?:blow|burn|bomb)(?:ing)? (?:up |down )?(?:the|this|my|our) school\b/,
    /\b(?:you|they|he|she)(?:'re| are|'s| is|'ll| will)? (?:all )?(?:going to |gonna )?(?:be )?(?:dead|die) (?:tomorrow|after school|if (?:you|they|he|she))\b/,
    /\b(?:hit|kill) list\b/,
  ],
  bullying: [
    new RegExp(`\\b(?:you|u|ur|you're|youre|you are|he is|he's|she is|she's) (?:\\w+ ){0,3}${insult}\\b`),
    new RegExp(`\\b(?:shut up|listen) (?:you )?${insult}\\b|\\byou (?:fat|fucking|dumb|stupid|ugly) \\w+\\b`),
    /\b(?:kys|kill yourself|kill your self|go die|drink bleach|hang yourself)\b/,
    /\b(?:nobody|no one|everyone|everybody) (?:likes|hates|loves|wants|will miss) (?:you|u|him|her)\b(?! (?:to|in))/,
    /\b(?:let's|lets|we should|help me|how (?:do|can) i) (?:all )?(?:bully|humiliate|make fun of|spread (?:a )?rumou?rs? about)\b/,
    /\b(?:nigg(?:er|a)|kike|spic|chink|tranny|faggot|paki)s?\b/,
  ],
  grooming: [
    /\b(?:don't|dont|do not|never) tell (?:your |any ?(?:one|body)|a )(?:mom|mum|dad|parents?|teacher|grown ?ups?|adult|about us)?\b[^.!?]{0,30}\b(?:about (?:this|us|me)|secret|we (?:talk|met|chat))\b/,
    /\b(?:our|a) (?:little )?secret\b[^.!?]{0,40}\b(?:tell|parents|mom|mum|dad|teacher)\b|\b(?:keep|stay) (?:this|it) (?:a secret |between us )(?:from your|and don't)/,
    /\bsend (?:me )?(?:a |some |more )?(?:pics?|photos?|pictures?|selfies?|nudes?|video)s? (?:of (?:you|your|u)\b|without|in your)/,
    /\b(?:are|r) (?:you|u) (?:home )?alone\b|\bmeet (?:me|up) (?:\w+ ){0,3}(?:alone|in secret|without your)\b/,
    /\b(?:you're|ur|you are) (?:so |very )?(?:mature|sexy|hot) for (?:your|ur) age\b/,
    /\b(?:older|man|guy|he|she|someone) (?:\w+ ){0,6}(?:asked|asks|wants|told) me (?:\w+ ){0,4}(?:pics?|photos?|pictures|nudes|meet him|meet her|keep (?:it )?(?:a )?secret)\b/,
  ],
  sexual: [
    /\b(?:porn|pornhub|hentai|nudes?|onlyfans|blow ?job|hand ?job|dildo|masturbat\w+|cum(?:shot|ming)|boobs|tits|titties|pussy|dick pics?|horny|orgasm|erotica?)\b/,
    /\b(?:have|having|had|want|wanna have) sex (?:with|tonight|now)\b|\bsext(?:ing)?\b|\bfuck me\b|\bsuck my\b|\bget laid\b|\bnaked (?:pics?|photos?|pictures|girls?|boys?|women|men)\b|\bsex (?:scene|story|tape)\b/,
  ],
  danger: [
    /\b(?:how (?:do|can|could|would|to)|teach me|steps? (?:for|to)|instructions? (?:for|to|on)|recipe for|help me|show me|ways? to|where (?:can|do) (?:i|we))\b[^.!?]{0,30}\b(?:make|build|create|cook|get|buy|assemble|3d print|find|sell)\b[^.!?]{0,25}\b(?:bomb|pipe ?bomb|explosives?|grenade|molotov|napalm|gun|pistol|ghost gun|silencer|meth|cocaine|heroin|fentanyl|lsd|mdma|weed|vapes?|vape juice|fake id|poison|ricin|chloroform|date rape drug)\b/,
    /\bhow (?:do|can|to|would)\b[^.!?]{0,25}\b(?:hack into|break into|pick the lock|hot ?wire|steal|shoplift|poison (?:some|a|my)|get (?:high|drunk)|roofie|choke (?:some|a)|get away with (?:murder|stealing))\b/,
    /\b(?:mix|combine|mixing|combining) (?:the )?(?:bleach|ammonia) (?:and|with) (?:ammonia|bleach|vinegar|acid)\b[^.!?]{0,40}\b(?:gas|someone|weapon|knock|poison|room)\b/,
    /\b(?:blackout|choking|tide pod|benadryl|cinnamon) challenge\b/,
  ],
};

/** What lessons are full of: the same words in books, history, science, games and figures of speech. */
const lessons =
  /\b(?:romeo|juliet|hamlet|macbeth|ophelia|othello|shakespeare|mockingbird|lord of the flies|hunger games|novel|chapter|poem|act \d|scene \d|the (?:book|story|play|film|movie|text|article|author|narrator)|character|protagonist|in history|world war|hiroshima|nagasaki|holocaust|slavery|crusades|revolution|assassinat\w+|president|emperor|king|queen|cell|chromosome|reproduction|calorimeter|hydrogen bomb|atomic bomb|nuclear|photosynthesis|virus|bacteria|minecraft|fortnite|zombie|boss fight|level \d|video ?game|awareness|prevent(?:ion|ing)?|hotline|debate|speech|essay (?:on|about)|survey|statistics|research(?:ers)?|campaign)\b/;
/** Of these a lesson takes nothing: said in the first person they are meant. */
const alwaysMeant: Category[] = ['self_harm', 'grooming'];
const firstPerson = /\b(?:i|i'm|im|me|my|myself|we|our)\b/;
const figures =
  /\b(?:kill(?:ing)? (?:two birds|time|it|the (?:process|mood|engine|lights))|dying to|die of (?:laughter|boredom)|dead (?:tired|line|end)|bath bomb|photo ?bomb|shoot (?:hoops|the ball|a (?:photo|video|goal|text))|shot put|(?:mom|mum|dad|teacher) (?:is going to|will|'?s gonna|is gonna) kill me|this (?:test|homework|class) is killing me|killing me)\b/g;

/** Which dangers a text speaks of. Words alone are not enough: somebody must mean it. */
export function findDangers(text: string, wanted: readonly Category[] = categories): Category[] {
  const plain = normalise(text).replace(figures, ' ');
  const inLesson = lessons.test(plain);
  return wanted.filter((category) =>
    patterns[category].some((pattern) => {
      const match = pattern.exec(plain);
      if (!match) return false;
      if (!inLesson) return true;
      return alwaysMeant.includes(category) && firstPerson.test(match[0]);
    }),
  );
}
