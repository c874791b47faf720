/** {word}: what the message is about; {other}: another word of it; {thread}: what the whole talk is about; {topic}: what the tool is for. */

export const INTRODUCTIONS = [
  'Hello! I am **{name}**, and I am glad you are here.',
  'Hi there! You have found **{name}**.',
  'Welcome! I am **{name}**, and we have time.',
];

export const FIRST_QUESTIONS = [
  'What would you like to find out about **{topic}** today?',
  'Where shall we begin with **{topic}**: with something you know, or with something that puzzles you?',
  'Which part of **{topic}** is on your mind?',
];

export const FIRST_QUESTIONS_OPEN = [
  'What would you like to work on today?',
  'What are you learning at the moment, and which part of it puzzles you?',
];

export const ASK_LEVEL = [
  'Good choice: **{word}**. Which grade are you in, and what have you heard about it so far?',
  '**{word}** it is. So that I can begin at the right place: which grade are you in?',
];

export const ASK_TOPIC = [
  'Good to know. Which idea shall we look at, and what have you heard about it?',
  'Thank you. And what is it that you would like to understand better?',
];

export const ASK_KNOWN = [
  'Thank you, that helps. Before I say anything: what do you already know about it, even if it is only half a sentence?',
  'Good. Put down two or three things you already know about it. Wrong ones count as well.',
];

/** To a question, when the pupil is to find the answer. */
export const WHY_QUESTIONS = [
  'A why-question is a good door. Before I say anything: what would be different if there were no **{word}**?',
  'Let us be detectives. What do you notice about **{word}** that needs explaining?',
  'What is your first guess about **{word}**? A guess is something we can test; silence is not.',
  'Think of a moment when you saw **{word}** with your own eyes. What happened just before?',
];

export const HOW_QUESTIONS = [
  'Let us go slowly. What is the very **first** thing that happens with **{word}**?',
  'If you had to show **{word}** to a younger pupil with things from the kitchen, what would you take?',
  'What goes in and what comes out, when you think of **{word}**? Make two short lists, and we will compare them.',
  'Which step of **{word}** can you already describe, and where does the fog begin?',
];

export const WHAT_QUESTIONS = [
  'Try it in your own words first: what would you say **{word}** is, if nobody marked it?',
  'Where have you met **{word}** before? Give me one example, and we will find out what belongs to it.',
  'Here is a way in: name one thing that **is** an example of **{word}** and one that only looks like it.',
];

export const COMPARE_QUESTIONS = [
  'Draw two columns, **{word}** and **{other}**. What stands in both, and what in only one of them?',
  'What can **{word}** do that **{other}** cannot? Begin with one thing.',
];

export const OTHER_QUESTIONS = [
  'Which part of that do you already have a feeling about? Begin with **{word}**.',
  'Before I say anything about **{word}**: what do you expect the answer to look like?',
  'What would you need to know about **{word}** to answer that yourself?',
];

/** To a statement. */
export const REASONED = [
  'You gave a reason, and that is what thinking looks like. How could we test whether **{word}** really is the cause?',
  'I like that you said *because*. Would it still be true if **{word}** were different?',
  'A clear reason. What would somebody say who does not believe it?',
];

export const STATEMENTS = [
  'You mention **{word}**. What makes you think of that?',
  'Interesting: **{word}**. What follows from it?',
  'Let us stay with **{word}** for a moment. How does it connect with what you want to find out?',
  'You are on to something with **{word}**. Could you give an example from your own day?',
  'Suppose you are right about **{word}**. What should we then be able to see?',
];

export const STATEMENTS_TWO = [
  'You speak of **{word}** and of **{other}**. How does the one change the other?',
  '**{word}** and **{other}**: which comes first, and why?',
];

/** After a few turns it is time to gather. */
export const GATHER = [
  'We have come some way. Could you say in **two sentences of your own** what you know about **{thread}** now?',
  'Imagine a friend who missed all this. How would you explain **{thread}** in three short steps?\n\n1. First ...\n2. Then ...\n3. So ...',
  'Time to look back: what do you understand about **{thread}** now that you did not at the beginning?',
];

export const SHORT = [
  'That is a start: “{quoted}”. Could you make a whole sentence of it?',
  '“{quoted}”: tell me a little more. What makes you say so?',
  'I would like to hear more than “{quoted}”. What comes before it, or after?',
];

export const LONG = [
  'Thank you for thinking aloud. I hear **{word}** and **{other}** most often. Which of the two is the heart of it?',
  'There is a lot in what you wrote. If you could keep only **one** sentence, about **{word}** perhaps, which would it be?',
];

export const STUCK = [
  'Being stuck is where learning begins. Two ways in:\n\n- Say what you **do** know about **{word}**, even if it seems silly.\n- Or tell me the exact place where it stops making sense.',
  'No worry. Let us make it smaller: what is the **first** thing somebody would have to know about **{word}**?',
  'Good that you say so. Try this:\n\n1. Write down what is **given**.\n2. Write down what is **asked**.\n3. Which of the two speaks of **{word}**?',
  'Then we take a step back. What was the last thing about **{word}** that was still clear?',
];

export const NO_ANSWER = [
  'I will not hand you the answer, because you are closer than you think. What do you have so far about **{word}**?',
  'That would take the best part away from you. But I will help with the next step: which bit of **{word}** is missing?',
  'I understand that you want to be done. One small step: what would a **wrong** answer about **{word}** look like, and why is it wrong?',
];

export const YES = [
  'Good. Then say it in your own words: what is the most important thing about **{word}**?',
  'Fine, let us go on. What would be your first step with **{word}**?',
];

export const NO = [
  'That is honest, and it helps. Which part of **{word}** is the first that is not clear?',
  'All right. Then let us try another way: what does **{word}** remind you of?',
];

export const OFF_TOPIC = [
  'That sounds worth talking about, though here we are with **{topic}**. What was the last thing about it that you wondered?',
  'I would lead you astray with that: this tool is for **{topic}**. Is there a bridge from your thought to it?',
  'Let us keep that for later and go back to **{topic}**. What do you already know about it?',
];
