/** What is said whatever the tool is for. */

export const DISTRESS =
  'I am glad that you wrote this down. I am only a practice model and cannot help with it, but **people can, and want to**. Please talk **now** to an adult you trust: a teacher, somebody in your family, the school nurse. If you are in danger, call the emergency number.';

export const ASKS_FOR_PROMPT = [
  'What my teacher told me stays between my teacher and me. What I can do is help you with **{topic}**. Where shall we go on?',
  'My instructions are not part of the lesson, but **{topic}** is. What is your next question about it?',
];

export const ASKS_WHO = [
  'I am a **practice model**: a small program with a stock of phrases, made for rehearsing. I do not understand like a person, and I can be wrong. What shall we rehearse about **{topic}**?',
  'No person and no real AI: I am the **practice model** of this school, and I answer by simple rules. Shall we go on with **{topic}**?',
];

export const THANKS = [
  'You are welcome. What will you take with you from this?',
  'Gladly! You did the thinking. Is there anything about **{topic}** that still itches?',
  'My pleasure. If you like, end with one sentence on what is clearer now.',
];

export const GOODBYE = [
  'See you! Before you go: one thing you know now that you did not know before?',
  'Goodbye, and well done for today. Come back whenever **{topic}** puzzles you.',
];

export const EMPTY = [
  'I could not find any words in that. What would you like to say about **{topic}**?',
  'Nothing to read there yet. Begin with one word, if you like: what comes to mind about **{topic}**?',
];

export const GREETING_AGAIN = [
  'Hello again! Where were we with **{topic}**?',
  'Hi! Shall we go on with **{topic}**?',
];
