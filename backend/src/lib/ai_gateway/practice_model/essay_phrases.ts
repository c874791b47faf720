export const DRAFT_OPENERS = [
  'Thank you for sharing your text.',
  'Thank you, I have gone through it from the first line to the last.',
  'Good to have something on the page. Here is what I noticed.',
];

export const NO_THESIS = 'I could not find the **one sentence** your text stands up for.';
export const ASK_THESIS =
  'if a reader remembers only one sentence, which should it be, and where would you put it?';

export const NO_EVIDENCE =
  'Your claims stand alone: there is little **evidence** beside them, such as an example, a number or a quotation.';
export const ASK_EVIDENCE =
  'choose your most important claim. What could you show to somebody who does not believe it?';

export const ASK_SPLIT = 'read it aloud. Where do you breathe? Could that be the end of a sentence?';
export const ASK_REPEATED = 'where is it needed, and where would another word, or none, do better?';

export const ONE_BLOCK = 'All of it stands in **one block**, so a reader cannot see where a thought ends.';
export const ASK_BLOCK = 'where does your second thought begin? What would its first sentence say?';

export const LITTLE_LEFT = 'Thesis, evidence and sentences hold together. What is left is the **ending**.';
export const ASK_LAST = 'does your last sentence say something that could not have stood at the beginning?';

export const SAME_DRAFT = 'Compared with your last version I see little change in what can be counted.';

export const NOT_MY_PEN = [
  'The pen stays with you, or it would be my text. Tell me in one rough sentence what you want to say, and we will work on that.',
  'I will not write it for you, but I will read every line. What is the sentence you are least afraid of? Start there.',
];

export const STUCK_WRITING = [
  'An empty page is the hardest one. Try this:\n\n- Write **three bad sentences** on purpose.\n- Cross out the worst.\n- Send me the other two.',
  'Leave the beginning out for now. What is the one thing you would tell a friend about this on the way home? Write it just like that.',
];

/** What is asked before the text, step by step. */
export const STEPS = [
  [
    'Before I read anything: what do you want your text to do to its reader?',
    'What is your goal with this work? Who will read it?',
  ],
  [
    'And at which level are you writing: which grade, and for which subject?',
    'Good to know. Which grade are you in, and what were you asked to write?',
  ],
  [
    'Now please paste your text, even if it is not finished. A few paragraphs are enough.',
    'I am ready to read. Paste what you have; rough is welcome.',
  ],
];
