/** The right choice stands first here; `choices` are turned before anybody sees them. */
export type QuizQuestion = {
  subject: 'science' | 'maths' | 'history' | 'geography' | 'language' | 'computing' | 'learning';
  question: string;
  choices: [right: string, wrong: string, wrong: string, wrong: string];
  /** helps without naming the choice */
  hint: string;
  /** names it */
  why: string;
};

/** Words that lead to a subject, beside those in its questions. */
export const SUBJECT_WORDS: Record<Exclude<QuizQuestion['subject'], 'learning'>, string> = {
  science:
    'science biology physics chemistry plant animal cell force energy atom experiment nature water weather photosynthesis gravity',
  maths:
    'math maths mathematics number fraction algebra geometry equation arithmetic percent multiplication probability',
  history: 'history historical past revolution empire war ancient medieval rome egypt century',
  geography: 'geography map continent country capital river mountain climate ocean earth',
  language: 'english language grammar writing literature poem poetry reading novel noun verb sentence essay',
  computing: 'computer computing coding code programming algorithm internet data technology software',
};

export const QUIZ_BANK: QuizQuestion[] = [
  {
    subject: 'science',
    question: 'What does a green plant need light for?',
    choices: ['To make sugar', 'To take up salt', 'To keep warm', 'To hold itself upright'],
    hint: 'Think of what a plant lives on, though it never eats.',
    why: 'Light gives the energy to make sugar from water and carbon dioxide.',
  },
  {
    subject: 'science',
    question: 'Which part of a plant takes in most of its water?',
    choices: ['The roots', 'The petals', 'The fruit', 'The bark'],
    hint: 'Where is the water before the plant has it?',
    why: 'Fine hairs on the roots take water from the soil.',
  },
  {
    subject: 'science',
    question: 'A puddle is gone after a sunny morning. What happened to the water?',
    choices: ['It evaporated', 'It condensed', 'It froze', 'It burned'],
    hint: 'It is still there, but you cannot see it.',
    why: 'The warmth turned the liquid into vapour in the air.',
  },
  {
    subject: 'science',
    question: 'Which force slows a ball that rolls over grass?',
    choices: ['Friction', 'Magnetism', 'Buoyancy', 'Lift'],
    hint: 'Would it roll as far on ice or further?',
    why: 'The grass and the ball rub against each other, and friction works against the motion.',
  },
  {
    subject: 'science',
    question: 'What is the core of an atom called?',
    choices: ['The nucleus', 'The shell', 'The electron', 'The crystal'],
    hint: 'A living cell has a part with the same name.',
    why: 'Protons and neutrons sit in the nucleus; electrons move around it.',
  },
  {
    subject: 'science',
    question: 'In a food chain, what do the arrows show?',
    choices: ['Where the energy goes', 'Who is the strongest', 'Who lives longest', 'Who was there first'],
    hint: 'What does the fox get from the rabbit?',
    why: 'Energy passes from what is eaten to the one who eats.',
  },
  {
    subject: 'maths',
    question: 'Which fraction is the largest?',
    choices: ['$\\frac{1}{2}$', '$\\frac{1}{3}$', '$\\frac{1}{4}$', '$\\frac{1}{5}$'],
    hint: 'Into how many pieces is the same cake cut?',
    why: 'The fewer pieces a whole is cut into, the larger each one is.',
  },
  {
    subject: 'maths',
    question: 'A shirt of 40 euros is 25 percent cheaper. What does it cost now?',
    choices: ['30 euros', '15 euros', '35 euros', '25 euros'],
    hint: 'How much is a quarter of the old price?',
    why: 'A quarter of 40 is 10, and 40 less 10 is 30.',
  },
  {
    subject: 'maths',
    question: 'Which number makes $3x + 2 = 14$ true?',
    choices: ['4', '3', '5', '12'],
    hint: 'Take the same away from both sides first.',
    why: 'Without the 2 on both sides it says $3x = 12$, so $x = 4$.',
  },
  {
    subject: 'maths',
    question: 'A rectangle is 6 cm long and 4 cm wide. How long is the way around it?',
    choices: ['20 cm', '24 cm', '10 cm', '12 cm'],
    hint: 'How many sides do you walk along?',
    why: 'Two sides of 6 and two sides of 4 make 20.',
  },
  {
    subject: 'maths',
    question: 'What is the chance of an even number with one fair die?',
    choices: ['One half', 'One third', 'One sixth', 'Two thirds'],
    hint: 'Count the sides that would do.',
    why: 'Three of the six sides are even.',
  },
  {
    subject: 'history',
    question: 'Why did the first towns grow beside rivers?',
    choices: [
      'Water for fields and a way for boats',
      'Rivers kept the winter away',
      'Stone was only found there',
      'A law demanded it',
    ],
    hint: 'What does a town need every single day?',
    why: 'Rivers watered the fields and carried goods.',
  },
  {
    subject: 'history',
    question: 'What did the printing press change first?',
    choices: [
      'Copies became cheap and quick to make',
      'Everybody could read',
      'Letters were forbidden',
      'Books were written in one language',
    ],
    hint: 'How was a book made before?',
    why: 'Before, each copy was written by hand; reading spread later, because of it.',
  },
  {
    subject: 'history',
    question: 'Which of these is a source from its own time?',
    choices: ['A diary from 1916', 'A school book about 1916', 'A film about 1916', 'A quiz about 1916'],
    hint: 'Who of them was there?',
    why: 'Only the diary was written by somebody who lived then.',
  },
  {
    subject: 'history',
    question: 'What did steam engines replace in the first factories?',
    choices: ['Water wheels, animals and hands', 'Electric motors', 'Sailing ships only', 'Clocks'],
    hint: 'What turned things before?',
    why: 'Machines had been driven by water, animals and people.',
  },
  {
    subject: 'geography',
    question: 'Which line runs around the Earth, halfway between the poles?',
    choices: ['The equator', 'The prime meridian', 'The horizon', 'The tropic of Cancer'],
    hint: 'Its name is a cousin of the word “equal”.',
    why: 'The equator has the same distance from both poles.',
  },
  {
    subject: 'geography',
    question: 'What makes the seasons?',
    choices: [
      "The tilt of the Earth's axis",
      'The distance to the Moon',
      'The speed of the wind',
      'The warmth inside the Earth',
    ],
    hint: 'When it is summer in the north, what is it in the south?',
    why: 'Because the axis is tilted, each half leans towards the Sun for a part of the year.',
  },
  {
    subject: 'geography',
    question: 'Where does a river usually flow fastest?',
    choices: ['In its steep upper part', 'At its mouth', 'In a lake', 'Where it is widest'],
    hint: 'Where would a ball roll fastest?',
    why: 'The steeper the bed, the faster the water.',
  },
  {
    subject: 'geography',
    question: 'What does the scale 1 : 50,000 on a map mean?',
    choices: [
      '1 cm is 500 m outside',
      '1 cm is 50 m outside',
      '1 cm is 5 km outside',
      '1 cm is 50 km outside',
    ],
    hint: 'How many metres are 50,000 cm?',
    why: '50,000 cm are 500 m.',
  },
  {
    subject: 'language',
    question: 'Which sentence holds a metaphor?',
    choices: [
      'Her voice was velvet.',
      'Her voice was soft like velvet.',
      'Her voice was very soft.',
      'She had a soft voice.',
    ],
    hint: 'Which one says that a thing *is* another thing?',
    why: 'A metaphor does not say “like”.',
  },
  {
    subject: 'language',
    question: 'In “The old dog slept under the table”, which word is the verb?',
    choices: ['slept', 'old', 'under', 'table'],
    hint: 'What did somebody do?',
    why: 'The verb says what happens: it slept.',
  },
  {
    subject: 'language',
    question: 'What should the first sentence of a paragraph do?',
    choices: [
      'Say what the paragraph is about',
      'Repeat the title',
      'Hold all the evidence',
      'Apologise for its length',
    ],
    hint: 'What helps a reader who is in a hurry?',
    why: 'A reader wants to know where the paragraph is going.',
  },
  {
    subject: 'language',
    question: 'Which of these is evidence rather than opinion?',
    choices: [
      'In our survey 18 of 24 pupils agreed',
      'It is obvious to everybody',
      'I strongly believe it',
      'It would be a shame otherwise',
    ],
    hint: 'Which one could somebody check?',
    why: 'A count can be checked.',
  },
  {
    subject: 'computing',
    question: 'What is an algorithm?',
    choices: ['A list of exact steps', 'A kind of screen', 'A fast computer', 'A secret password'],
    hint: 'A recipe is nearly one.',
    why: 'It says what to do, step by step, without room for guessing.',
  },
  {
    subject: 'computing',
    question: 'A loop is used to ...',
    choices: ['repeat steps', 'store a picture', 'print faster', 'end a program'],
    hint: 'Think of a round track.',
    why: 'A loop does the same steps again until a condition ends it.',
  },
  {
    subject: 'computing',
    question: 'Which password is the hardest to guess?',
    choices: [
      'Four random words in a row',
      'Your birthday',
      'The name of your pet',
      'The word password with a 1',
    ],
    hint: 'Which one could nobody find out about you?',
    why: 'Random words are long and say nothing about you.',
  },
  {
    subject: 'learning',
    question: 'You read a page about {topic}. What helps most to remember it?',
    choices: [
      'Close the page and say it in your own words',
      'Read it five times',
      'Colour every line',
      'Listen to music with it',
    ],
    hint: 'Which one makes your memory work?',
    why: 'Calling something back from memory fixes it better than reading it again.',
  },
  {
    subject: 'learning',
    question: 'Somebody says something surprising about {topic}. What do you do first?',
    choices: ['Ask how they know', 'Believe it', 'Deny it', 'Pass it on'],
    hint: 'What would you like to see before you decide?',
    why: 'A claim is worth as much as what stands behind it.',
  },
  {
    subject: 'learning',
    question: 'Which question about {topic} leads furthest?',
    choices: [
      'Why is it so, and how could we tell?',
      'Is it on page 12?',
      'Is it hard?',
      'Who else has finished?',
    ],
    hint: 'Which one cannot be answered with one word?',
    why: 'Questions that begin with why and how open the most doors.',
  },
  {
    subject: 'learning',
    question: 'You are stuck with {topic}. Which step is best?',
    choices: [
      'Write down what you know and what is missing',
      'Start again from the title',
      'Wait for tomorrow',
      'Copy a solution',
    ],
    hint: 'What would show you where exactly it hurts?',
    why: 'Whoever sees the gap can ask about it.',
  },
];
