import type { PromptSections } from '../prompt_sections';
import { findStems } from './find_key_words';
import { GLOSSARY } from './glossary';

type ToolKind = 'quiz' | 'essay' | 'debate' | 'planner' | 'explainer' | 'tutor';

/** What the practice model understood of a tool's prompt. */
export type Tool = {
  name: string;
  kind: ToolKind;
  noDirectAnswers: boolean;
  /** the prompt wants a few questions answered one at a time before anything else */
  interviews: boolean;
  topics: string[];
  /** stems of everything the tool speaks of, and of words that belong to its topics */
  vocabulary: Set<string>;
  /** of a quiz */
  questionCount: number;
  assignment: string;
};

// The order decides a tie: the more special kind stands first.
const KIND_SIGNS: [ToolKind, RegExp][] = [
  ['debate', /devil.?s advocate|\bdebat\w*|counter-?arguments?|opposing (view|side)|other point of view/gi],
  ['quiz', /\bquiz\w*|multiple[- ]choice|flash ?cards?|\btest (me|them|the (pupil|student)s?)\b/gi],
  ['planner', /lesson plans?|plan (a|the|their) (lesson|week|study)|study plans?/gi],
  [
    'essay',
    /\bessays?\b|\bdrafts?\b|\bthesis\b|\bparagraphs?\b|\brevis\w+|\bwriting (coach|mentor|tutor)\b|feedback/gi,
  ],
  ['explainer', /\bexplain\w*|\bexplanations?\b|\banalog(y|ies)\b|\bdefin(e|itions?)\b/gi],
];

const WITHHOLDS_ANSWERS = [
  /\b(never|don['’]?t|do not|not|without|avoid|rather than|instead of)\b[^.\n]{0,60}\b(answers?|solutions?|results?)\b/i,
  /\bsocratic/i,
  /\bquestions? (first|instead of)\b/i,
  /\b(leading|guiding) questions?\b/i,
];

const INTERVIEWS = /\bwait(s|ing)? for\b|\bone (question )?at a time\b|\bone by one\b/i;

function chooseKind(text: string, noDirectAnswers: boolean): ToolKind {
  let best: ToolKind = 'tutor';
  let most = 0;
  for (const [kind, sign] of KIND_SIGNS) {
    // One who explains but must not tell is a tutor.
    if (kind === 'explainer' && noDirectAnswers) continue;
    // A single mention of feedback or of a debate does not make a tutor a coach of writing.
    const count = text.match(sign)?.length ?? 0;
    if (count > most) {
      best = kind;
      most = count;
    }
  }
  return best;
}

function readQuestionCount(text: string): number {
  const digits = /\b(\d{1,2})(?:\s*[-–]\s*\d{1,2})?\s+(?:\S+\s+){0,2}questions?\b/i.exec(text)?.[1];
  return digits ? Math.min(10, Math.max(1, Number(digits))) : 5;
}

export function readTool(sections: PromptSections): Tool {
  const { toolName, behavior, assignmentInstructions = '', additions = [], constraints } = sections;
  const all = [behavior, assignmentInstructions, ...additions].join('\n');
  const noDirectAnswers =
    constraints.noDirectAnswers === true || WITHHOLDS_ANSWERS.some((sign) => sign.test(all));
  const topics = constraints.topics ?? [];
  const vocabulary = findStems([toolName, all, ...topics].join('\n'));
  // A pupil who writes of sunlight in a tool about photosynthesis has not left the topic.
  for (const entry of GLOSSARY) {
    if ([...findStems(entry.names.join(' '))].some((stem) => vocabulary.has(stem))) {
      for (const stem of findStems([...entry.names, entry.plain, entry.related].join(' ')))
        vocabulary.add(stem);
    }
  }
  return {
    name: toolName,
    kind: chooseKind(`${toolName}\n${behavior}`, noDirectAnswers),
    noDirectAnswers,
    interviews: INTERVIEWS.test(behavior),
    topics,
    vocabulary,
    questionCount: readQuestionCount(all),
    assignment: assignmentInstructions,
  };
}
