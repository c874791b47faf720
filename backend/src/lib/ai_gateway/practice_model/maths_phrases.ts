export const MAKE_ZERO = 'Bring everything to one side, so that the other side is $0$.';
export const ZERO_THERE = 'One side is $0$ already, which is half the work.';
export const FACTORS = 'Which two factors could give that product, or which square can you complete?';

export const GATHER_MOVE =
  'The letter stands on both sides. What is left on each side if you take away {term} from both?';

export const REST_MOVE =
  'Look at the side with the letter: {rest} is {sign} the rest of it. What could you do to **both** sides so that only {term} stays there?';

export const FACTOR_MOVE =
  'What does {term} say is being done to {variable}, and what undoes that on **both** sides?';

export const EQUATION_OPENERS = [
  'A pair of scales: {source}.',
  'I see {source}. Let us keep both sides in balance.',
  'Good, we have something to hold on to: {source}.',
  'Let us look at {source} one move at a time.',
];

export const NOT_THE_NUMBER = [
  'I know it would be quicker, but the number is yours to find. One move only:',
  'I will not say the number, and you will not need me to. Try just this:',
  'Let us make the step smaller instead.',
];

export const DOES_NOT_FIT = [
  'I put {claim} into {source}, and the two sides do not agree yet.',
  'Try it yourself: put {claim} into {source}. The two sides come out different.',
  'Close your eyes to how you got {claim} for a moment. In {source} the scales still tip.',
];

export const FITS = [
  'I put {claim} into {source}, and **both sides agree**. Well done.',
  'Yes: with {claim} the scales of {source} are level.',
  'That fits: {claim} makes {source} true.',
];

export const ONE_MORE = 'But this is a square: is that the only number that fits?';

export const ASK_HOW = [
  'How would you explain your first move to somebody who missed the lesson?',
  'Which move did you make first, and why was it allowed?',
  'What would change if the number on the right were twice as large?',
];

export const AFTER_SOLUTION = [
  'Can you say which move came first?',
  'Would you like to make up a similar one and try it by yourself?',
  'Which step would you like to see more slowly?',
];

export const WRONG_CLAIM = [
  'Let us look at {source} once more: the two sides are not equal. Which part would you check first?',
  'Something slipped in {source}. How would you test it another way, perhaps by going backwards?',
  'I worked out both sides of {source}, and they differ. What did you do first, and what second?',
];

export const RIGHT_CLAIM = [
  '{source} is right. What does that tell you about the question you started with?',
  'Yes, {source} holds. Why did you choose just this step?',
  'Checked: {source} is true. What comes next?',
];

export const SUM_HINTS = [
  'Before we work out {source}: about how large will it be, and how do you know?',
  'How could you cut {source} into two easier parts?',
  'Which part of {source} has to be done first, and why?',
];
