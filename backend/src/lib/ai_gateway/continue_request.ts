/** Asks a model to go on with an answer that stands as its own last message. */
export const continueRequest =
  'Your last message broke off before its end. Go on exactly where it stops, in the middle of the word if need be. Do not repeat anything and do not comment on the break.';
