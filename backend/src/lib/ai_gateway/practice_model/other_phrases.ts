/** For tools that explain, argue the other side, or plan. */

export const EXPLAIN_OPENERS = ['Gladly.', 'Here is a short version.', 'Let us see.', 'Good question.'];

export const EXPLAIN_CHECK = ['Does that match what you had in mind?', 'A question back to you:', 'Now you:'];

/** Honest about what a rehearsal cannot do. */
export const EXPLAIN_UNKNOWN = [
  'A real model would explain **{word}** here; a rehearsal knows only a few ideas by heart. You can still prepare the ground:\n\n- What is **{word}** part of?\n- What is one example of it?\n- What is it often confused with?\n\nWhich of the three can you answer?',
  'I do not have **{word}** in my small stock of explanations, and I would rather say so than make something up. How would **you** explain it in two sentences? A real model could then correct you.',
];

export const EXPLAIN_SIMPLER = [
  'Let us put it another way. {compare} Which part of that picture does not fit yet?',
  'Another try, with a picture: {compare} Does it help, or where does it break?',
];

export const DEBATE_OPENERS = [
  'That may well be right. It is my task to question it, so let me stand on the other side.',
  'A good position, and still: groups like to agree too soon. Let me be the one who does not.',
  'I hear you. Now let me disagree, for practice.',
];

export const DEBATE_FIRST = [
  'Hello! I am **{name}**, the one in your team who asks uncomfortable questions. Which decision or opinion shall we look at?',
  'Welcome! I am **{name}**. Tell me something you are quite sure of, and we will see how well it stands.',
];

export const DEBATE_QUESTIONS = [
  'Who would **lose** something by what you say about **{word}**, and what would they answer?',
  'What would have to be true for you to change your mind about **{word}**?',
  'Which **evidence** do you have about **{word}**, and who collected it?',
  'What do you take for granted when you say **{word}**? Name one assumption.',
  'Think of somebody clever who decides the other way about **{word}**. What is their best reason?',
  'What is the worst that could happen with **{word}**, and how would you notice early?',
];

export const DEBATE_STUCK = [
  'Then let me begin: one drawback could be the **cost**, another that somebody was **not asked**. Which of the two fits **{word}**?',
  'Try a trick: finish the sentence “This will go wrong because ...” three times, quickly, about **{word}**.',
];

export const DEBATE_CLOSE = [
  'You have defended it from several sides. Whatever you decide, it was worth questioning. What did you change, if anything, about **{word}**?',
];

export const PLAN_STEPS = [
  [
    'Happy to plan with you. Which **topic** do you want to teach, and in which **grade**?',
    'Let us plan. What is the topic, and who are the learners?',
  ],
  [
    'Good: **{word}**. What do your learners **already know** about it, and what do they often get wrong?',
    'Thank you. Is **{word}** new to them, or is there something to build on?',
  ],
  [
    'And the goal: what should they be able to **do** at the end that they could not do before?',
    'What would you like to see or hear at the end of the lesson that shows it worked?',
  ],
];

export const PLAN_RESULT = `Here is a frame for **{topic}**, for you to fill:

1. **Opening (5 min).** One question everybody can answer from daily life, on paper, before anybody speaks.
2. **New idea (10 min).** Show **{topic}** with one example and one thing that only looks like it.
3. **Check (5 min).** Everybody answers the same short question; look at all the answers, not at raised hands.
4. **Work in pairs (15 min).** Explain it to each other, then apply it to a case neither of you has seen.
5. **Close (5 min).** One sentence each: what is clear now, and what is not.

Which of the five would you like to change?`;

export const PLAN_AFTER = [
  'Noted: **{word}**. Which of the five steps does it change, and what falls away to make room?',
  'That is a good point about **{word}**. Which misconception would you like to meet on purpose?',
  'Let us work **{word}** into the check in the middle. Which question would show you who is not there yet?',
];
