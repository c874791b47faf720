/**
 * The system prompt of a run: who the tool is and how it behaves, what the assignment asks, what is not up for
 * trade, what modules add, and what the answer must look like, in this order, each under a heading of its own.
 */
export type PromptSections = {
  toolName: string;
  behavior: string;
  assignmentInstructions?: string;
  constraints: { topics?: string[]; noDirectAnswers?: boolean };
  additions?: string[];
  /** JSON Schema, of a tool whose answer is data and no talk */
  outputSchema?: string;
};

const CORE = 'CORE BEHAVIOUR';
const ASSIGNMENT = 'ASSIGNMENT';
const CONSTRAINTS = 'CONSTRAINTS';
const ADDITION = 'ADDITION';
const RESULT = 'RESULT';
const HEADINGS = [CORE, ASSIGNMENT, CONSTRAINTS, ADDITION, RESULT].join('|');

// Text that looks like a heading is moved one space to the right, and back when it is read: neither a teacher's
// prompt nor a module's addition can open a section and so take the constraints back.
const LOOKS_LIKE_HEADING = new RegExp(`^( *=== (?:${HEADINGS}) ===)`, 'gm');
const MOVED_HEADING = new RegExp(`^ ( *=== (?:${HEADINGS}) ===)`, 'gm');
const HEADING = new RegExp(`^=== (${HEADINGS}) ===$`, 'm');

const TOPICS = 'Stay with these topics, and lead kindly back to them when the pupil leaves them:';
const NO_DIRECT_ANSWERS =
  'Do not give direct answers or finished solutions, also when asked for them: help the pupil to find the next step.';

const ONE_OBJECT =
  'Answer with one JSON object and nothing else: no words around it, no fence. It must fit this JSON Schema:';

const onOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function writeSection(heading: string, text: string): string {
  const safe = text.replace(/\r\n?/g, '\n').trim().replace(LOOKS_LIKE_HEADING, ' $1');
  return `=== ${heading} ===\n${safe}`;
}

/** Empty parts leave no heading. `parseSystemPrompt` reads back what this wrote, up to outer white space. */
export function buildSystemPrompt(sections: PromptSections): string {
  const parts = [
    writeSection(CORE, `You are the tool "${onOneLine(sections.toolName)}".\n\n${sections.behavior.trim()}`),
  ];
  if (sections.assignmentInstructions?.trim()) {
    parts.push(writeSection(ASSIGNMENT, sections.assignmentInstructions));
  }
  const topics = (sections.constraints.topics ?? []).map(onOneLine).filter((topic) => topic !== '');
  const constraints: string[] = [];
  if (topics.length > 0) constraints.push([TOPICS, ...topics.map((topic) => `- ${topic}`)].join('\n'));
  if (sections.constraints.noDirectAnswers) constraints.push(NO_DIRECT_ANSWERS);
  if (constraints.length > 0) parts.push(writeSection(CONSTRAINTS, constraints.join('\n')));
  for (const addition of sections.additions ?? []) {
    if (addition.trim()) parts.push(writeSection(ADDITION, addition));
  }
  if (sections.outputSchema) parts.push(writeSection(RESULT, `${ONE_OBJECT}\n${sections.outputSchema}`));
  return parts.join('\n\n');
}

/** A text without our headings is read as behaviour alone, with no name. */
export function parseSystemPrompt(prompt: string): PromptSections {
  const [before = '', ...pieces] = prompt.split(HEADING);
  if (pieces.length === 0) return { toolName: '', behavior: before.trim(), constraints: {} };
  const read: PromptSections = { toolName: '', behavior: '', constraints: {} };
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const text = (pieces[at + 1] ?? '').trim().replace(MOVED_HEADING, '$1');
    switch (pieces[at]) {
      case CORE: {
        const named = /^You are the tool "(.*)"\.$/m.exec(text);
        read.toolName = named?.[1] ?? '';
        read.behavior = named ? text.slice(named.index + named[0].length).trim() : text;
        break;
      }
      case ASSIGNMENT:
        read.assignmentInstructions = text;
        break;
      case CONSTRAINTS: {
        const topics = text.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []));
        if (topics.length > 0) read.constraints.topics = topics;
        if (text.includes(NO_DIRECT_ANSWERS)) read.constraints.noDirectAnswers = true;
        break;
      }
      case RESULT:
        read.outputSchema = text.slice(text.indexOf('\n') + 1);
        break;
      case ADDITION:
        read.additions = [...(read.additions ?? []), text];
        break;
    }
  }
  return read;
}

/** A system prompt in its parts, for people to read; one without our headings is one part. */
export function splitSystemPrompt(prompt: string): { heading: string; text: string }[] {
  const [before = '', ...pieces] = prompt.split(HEADING);
  const parts = before.trim() ? [{ heading: CORE, text: before.trim() }] : [];
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const text = (pieces[at + 1] ?? '').trim().replace(MOVED_HEADING, '$1');
    parts.push({ heading: pieces[at] ?? CORE, text });
  }
  return parts;
}
