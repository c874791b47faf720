export const WELCOME = [
  'Welcome! {count} questions wait for you, one at a time. Answer with a letter.',
  'Ready when you are: {count} questions, four choices each. A letter is enough.',
  'Let us see what is already in your head. {count} questions, no marks, no hurry.',
];

export const RIGHT = [
  '**Right.**',
  '**Yes, exactly.**',
  '**Well spotted.**',
  '**That is it.**',
  '**Correct, nicely done.**',
];

export const NOT_QUITE = [
  'Not quite.',
  'Almost, but no.',
  'That one leads astray.',
  'A tempting choice, but no.',
];

export const HINTS = ['A small push:', 'Here is a hint:', 'Think of it this way:'];

export const PICK_ONE = [
  'Which letter would you choose: A, B, C or D?',
  'I need a letter to go on. It is fine to guess, if you tell me why afterwards.',
  'Let us stay with this one for a moment. Pick the choice you like best.',
];

export const LOOK_IT_UP = [
  'Not this time either. Keep it as a question to look up, and let us go on.',
  'Still not, and that is worth knowing: note it down for later. Here is the next one.',
];

export const STRONG = [
  'You know this well. Could you write one question yourself, with three tempting wrong choices?',
  'Strong work. Explain the hardest one to a neighbour, and it will stay with you.',
];

export const MIDDLING = [
  'A good base. Which of the missed ones surprised you most?',
  'You are on the way. Go over the ones you missed tomorrow, not today.',
];

export const EARLY = [
  'Now you know where to look, and that is what a quiz is for. Which one shall we talk about?',
  'A first try is a map of what is still white. Choose one question and look it up.',
];

export const OVER = [
  'Our quiz is over: **{right} of {count}** right. Start a new conversation for another round, or tell me which question you would like to talk about.',
  'That was all of it, with **{right} of {count}** right. Which answer are you still not sure of?',
];
