/** A few ideas of school, so that a rehearsal has something true to say. Sentences, not paragraphs. */
export type GlossaryEntry = {
  names: string[];
  plain: string;
  compare: string;
  ask: string;
  /** words that belong to the idea without naming it */
  related: string;
};

export const GLOSSARY: GlossaryEntry[] = [
  {
    names: ['photosynthesis', 'chlorophyll'],
    plain:
      'A green plant takes light, water and carbon dioxide and makes sugar from them; oxygen is left over.',
    compare: 'It is a kitchen that cooks with light.',
    ask: 'Which of the things that go in do you think comes from the air?',
    related:
      'leaf leaves plant green sun sunlight light oxygen carbon dioxide sugar glucose water colour root chloroplast energy',
  },
  {
    names: ['cell', 'cells', 'nucleus', 'mitochondria'],
    plain: 'A cell is the smallest part of a living thing that is itself alive.',
    compare: 'It works like a small town, with a wall, a town hall and a power station.',
    ask: 'Which part of the town would you compare with the nucleus?',
    related: 'membrane wall organelle tissue organ biology microscope',
  },
  {
    names: ['evaporation', 'condensation', 'precipitation', 'water cycle'],
    plain:
      'Water rises as vapour when it is warmed, turns into drops where it is cold, and falls again as rain or snow.',
    compare: 'A pot with a lid on the stove shows all of it.',
    ask: 'What happens to the drops under the lid?',
    related: 'cloud rain snow river sea ocean steam vapour heat weather',
  },
  {
    names: ['gravity', 'weight'],
    plain: 'Things that have mass pull on each other; the Earth is so heavy that we feel its pull as weight.',
    compare: 'It is like a net that never lets go but grows weaker the further you are.',
    ask: 'What would you weigh on the Moon: more, less or the same, and why?',
    related: 'mass earth moon fall force newton planet orbit',
  },
  {
    names: ['friction'],
    plain: 'Friction is the force between two surfaces that rub, and it works against the movement.',
    compare: 'Think of a carpet and an ice rink under the same shoe.',
    ask: 'Where is friction useful to you today?',
    related: 'force surface rough smooth brake slide heat motion',
  },
  {
    names: ['energy'],
    plain: 'Energy is what it takes to move, warm or change something; it changes its form but is not lost.',
    compare: 'It is like money that can be changed into other currencies.',
    ask: 'Which forms does it take when you ride a bicycle downhill and brake?',
    related: 'heat light motion kinetic potential electricity fuel power joule',
  },
  {
    names: ['atom', 'molecule', 'electron', 'proton'],
    plain:
      'An atom is the smallest piece of an element: a tiny core with electrons around it. Atoms that hold together are a molecule.',
    compare: 'Atoms are letters, molecules are words.',
    ask: 'Which “word” is written with two hydrogens and one oxygen?',
    related: 'element chemistry chemical bond nucleus neutron reaction matter',
  },
  {
    names: ['ecosystem', 'food chain', 'food web'],
    plain:
      'Living things in one place depend on each other: plants catch energy, animals eat plants or each other, and the rest is broken down.',
    compare: 'Pull one thread of a web, and all the others move.',
    ask: 'What would change in a pond if all the small insects were gone?',
    related: 'habitat animal plant predator prey species decomposer environment pond forest',
  },
  {
    names: ['fraction', 'numerator', 'denominator'],
    plain:
      'A fraction says into how many equal parts a whole is cut (below) and how many of them you take (above).',
    compare: 'A pizza in eight slices: three of them are $\\frac{3}{8}$.',
    ask: 'Which is more, $\\frac{1}{3}$ or $\\frac{1}{4}$, and how would you show it to a friend?',
    related: 'part whole half third quarter equal divide slice maths number',
  },
  {
    names: ['percent', 'percentage'],
    plain: 'Percent means “out of a hundred”, so it lets us compare parts of wholes of different size.',
    compare: 'It is a fraction whose lower number has been agreed on for everybody.',
    ask: 'How would you find ten percent of a number without a calculator?',
    related: 'fraction hundred part discount rate decimal',
  },
  {
    names: ['equation', 'algebra', 'variable', 'unknown'],
    plain: 'An equation says that two sides weigh the same; a letter stands for a number we do not know yet.',
    compare: 'It is a pair of scales: whatever you do on one side, do on the other.',
    ask: 'What could you take off both sides to leave the letter alone?',
    related: 'solve linear quadratic both side letter number maths balance coefficient root factor',
  },
  {
    names: ['area', 'perimeter'],
    plain: 'Area counts the squares that cover a shape; perimeter measures the way around it.',
    compare: 'The lawn is the area, the fence is the perimeter.',
    ask: 'Can two gardens have the same fence but different lawns?',
    related: 'rectangle square length width side measure shape geometry',
  },
  {
    names: ['probability', 'chance'],
    plain:
      'Probability is a number from 0 (never) to 1 (always) for how often something would happen if we tried very many times.',
    compare: 'A coin does not remember its last throw.',
    ask: 'After five heads in a row, what is the chance of a sixth?',
    related: 'dice coin random likely event outcome statistics',
  },
  {
    names: ['metaphor', 'simile'],
    plain: 'A metaphor says that one thing is another; a simile says it is like another.',
    compare: '“Time is a thief” and “time runs like a river”.',
    ask: 'How would you turn one of them into the other, and what changes in its sound?',
    related: 'poem poetry image language figure comparison',
  },
  {
    names: ['thesis', 'argument', 'claim'],
    plain:
      'A thesis is the one sentence a whole text stands up for; an argument is a reason for it with something to show.',
    compare: 'The thesis is the roof, arguments are the pillars.',
    ask: 'Which of your pillars would you miss most if it fell?',
    related: 'essay evidence reason proof paragraph opinion',
  },
  {
    names: ['democracy', 'election', 'vote'],
    plain:
      'In a democracy people decide who governs them, for a limited time and under laws that hold for all.',
    compare: 'Think of a class that chooses its speaker, and can choose again next year.',
    ask: 'What should a majority not be allowed to decide?',
    related: 'government parliament citizen law right freedom party people',
  },
  {
    names: ['revolution'],
    plain: 'A revolution is a fast and deep change of who has power or how people live.',
    compare: 'A kettle that was quiet for long before it boiled.',
    ask: 'What had been warming the water, in the one you are learning about?',
    related: 'france french industrial king people war change history power uprising',
  },
  {
    names: ['climate', 'greenhouse'],
    plain:
      'Climate is the weather of many years; some gases in the air hold back warmth, and more of them hold back more.',
    compare: 'Weather is your mood, climate is your character.',
    ask: 'Why does one cold week not tell us much about the climate?',
    related: 'weather warm temperature carbon gas atmosphere ice sea global',
  },
  {
    names: ['algorithm', 'loop', 'program'],
    plain:
      'An algorithm is a list of steps so clear that somebody who understands nothing can still follow it.',
    compare: 'A recipe, if it never said “a pinch”.',
    ask: 'Which step of making tea would a robot get wrong first?',
    related: 'code computer step repeat condition python scratch variable function',
  },
];
