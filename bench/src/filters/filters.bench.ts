import path from 'node:path';
import { parseArgs } from 'node:util';
import { type OpenedModule, openModule } from '@raptscallions/module-sdk/open_module';
import { z } from 'zod';
import type { Benchmark } from '../benchmark';
import { plainLists } from './plain_lists';
import { readLines } from './read_lines';
import { Score } from './score';

// How often the built-in modules are right, against the plain lists of patterns of the field, on the same texts.
// They run as in the product: bundled, in the sandbox, with their defaults unless said. Texts of one's own:
//   yarn bench filters --pii <presidio json or jsonl> --clean <jsonl of texts or dialogues>
//     --safety <jsonl> --topics <jsonl> --struggle <jsonl>

const own = path.join(import.meta.dirname, 'data');
const modules = path.resolve(import.meta.dirname, '../../../modules');
const { values: files } = parseArgs({
  args: process.argv.slice(3),
  options: {
    pii: { type: 'string', default: path.join(own, 'pii.jsonl') },
    safety: { type: 'string', default: path.join(own, 'safety.jsonl') },
    topics: { type: 'string', default: path.join(own, 'topics.jsonl') },
    struggle: { type: 'string', default: path.join(own, 'struggle.jsonl') },
    clean: { type: 'string', default: path.join(own, 'clean.jsonl') },
  },
});

/** Kinds of presidio-research that say how to reach somebody; names of towns and companies are not asked for. */
const contact = [
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'CREDIT_CARD',
  'IBAN_CODE',
  'US_SSN',
  'US_DRIVER_LICENSE',
  'IP_ADDRESS',
  'STREET_ADDRESS',
];
type Span = { from: number; to: number };
type PersonalText = { text: string; wanted: Span[]; other: Span[] };

const OwnPiiZod = z
  .object({ text: z.string(), spans: z.array(z.object({ from: z.int(), to: z.int() })) })
  .transform(({ text, spans }): PersonalText => ({ text, wanted: spans, other: [] }));
const PresidioZod = z
  .object({
    full_text: z.string(),
    spans: z.array(z.object({ entity_type: z.string(), start_position: z.int(), end_position: z.int() })),
  })
  .transform(({ full_text: text, spans }): PersonalText => {
    const placed = spans.map(({ entity_type, start_position: from, end_position: to }) => ({
      entity_type,
      from,
      to,
    }));
    return {
      text,
      wanted: placed.filter(({ entity_type }) => contact.includes(entity_type)),
      // Found as well, it is no mistake.
      other: placed.filter(({ entity_type }) => !contact.includes(entity_type)),
    };
  });
const CleanZod = z.union([
  z.object({ text: z.string() }).transform(({ text }) => [text]),
  // mathdial: a problem, and what was said about it
  z
    .object({ question: z.string(), conversation: z.string() })
    .transform(({ question, conversation }) => [
      question,
      ...conversation
        .split('|EOM|')
        .map((said) => said.replace(/^(?:Teacher|[\w ]+): ?(?:\([a-z]+\))?/, '').trim()),
    ]),
]);

const overlaps = (a: Span) => (b: Span) => a.from < b.to && b.from < a.to;

function judgeSpans(score: Score, found: Span[], { wanted, other }: PersonalText): void {
  score.count({
    found: found.length,
    right: found.filter((span) => [...wanted, ...other].some(overlaps(span))).length,
    wanted: wanted.length,
    met: wanted.filter((span) => found.some(overlaps(span))).length,
  });
  if (wanted.length + other.length === 0) score.judgeClean(found.length > 0);
}

/** The places a module has masked, from the text that it left: what stands between its labels is unchanged. */
function findMasked(text: string, masked: string): Span[] {
  const parts = masked.split(
    /\[(?:e-mail address|phone number|card number|bank account|social security number|document number|network address|address|date of birth|name)\]/,
  );
  const spans: Span[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const from = index === parts.length - 1 ? text.length - part.length : text.indexOf(part, at);
    if (index > 0) spans.push({ from: at, to: from });
    at = from + part.length;
  }
  return spans;
}

type Judged = { filter: string; on: string; ours: Score; theirs: Score };

export const benchmark: Benchmark = {
  title: 'How often the built-in filters are right: F1 over the four, on labelled text',
  peer: 'plain regular-expression and word lists',
  target: 1.2,
  lowerIsBetter: false,
  async measure() {
    const [pii, safety, fence, struggle] = await Promise.all(
      ['pii-filter', 'safety-filter', 'topic-fence', 'struggle-detector'].map((name) =>
        openModule(path.join(modules, name)),
      ),
    );
    if (!pii || !safety || !fence || !struggle) throw new Error('a built-in module is missing');
    const clean = readLines(files.clean, CleanZod).flat();
    const began = performance.now();
    const judged = [
      judgePii(pii, clean),
      judgeSafety(safety, clean),
      judgeFence(fence, clean),
      judgeStruggle(struggle),
    ];
    const rows = judged.flatMap(({ filter, on, ours, theirs }) =>
      [ours, theirs].map((score, which) => ({
        filter,
        'labelled texts': on,
        by: which === 0 ? 'module' : 'plain list',
        'precision %': percent(score.precision),
        'recall %': percent(score.recall),
        'F1 %': percent(score.f1),
        'false positives on clean %': percent(score.falsePositives),
      })),
    );
    process.stderr.write(`all of it took ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
    const mean = (which: 'ours' | 'theirs') =>
      Number((judged.reduce((sum, each) => sum + each[which].f1, 0) / judged.length).toFixed(3));
    return { rows, ours: mean('ours'), theirs: mean('theirs') };
  },
};

const percent = (share: number) => Number((share * 100).toFixed(1));

function judgePii(module: OpenedModule, clean: string[]): Judged {
  const [ours, theirs] = [new Score(), new Score()];
  const find = (text: string) => {
    const result = module.call('chat:before_ai', { text });
    const masked = result.kind === 'continue' ? result.modifications?.text : undefined;
    return masked === undefined ? [] : findMasked(text, masked);
  };
  const texts = readLines(files.pii, z.union([OwnPiiZod, PresidioZod]));
  for (const text of texts) {
    judgeSpans(ours, find(text.text), text);
    judgeSpans(theirs, plainLists.personal(text.text), text);
  }
  for (const text of clean) {
    ours.judgeClean(find(text).length > 0);
    theirs.judgeClean(plainLists.personal(text).length > 0);
  }
  return { filter: 'pii-filter', on: `${texts.length}, contact data`, ours, theirs };
}

function judgeSafety(module: OpenedModule, clean: string[]): Judged {
  const [ours, theirs] = [new Score(), new Score()];
  const find = (text: string) => (module.call('chat:before_ai', { text }).extractions ?? []).length > 0;
  const texts = readLines(files.safety, z.object({ text: z.string(), bad: z.boolean() }));
  for (const { text, bad } of texts) {
    ours.judge(find(text), bad);
    theirs.judge(plainLists.dangerous(text), bad);
  }
  for (const text of clean) {
    ours.judgeClean(find(text));
    theirs.judgeClean(plainLists.dangerous(text));
  }
  return { filter: 'safety-filter', on: `${texts.length}`, ours, theirs };
}

function judgeFence(module: OpenedModule, clean: string[]): Judged {
  const [ours, theirs] = [new Score(), new Score()];
  const find = (text: string, topics: string[]) => {
    const tool = {
      name: topics[0] ?? '',
      behavior: `Talk about ${topics.join(', ')}.`,
      topics,
      noDirectAnswers: true,
      subject: null,
      grades: [],
    };
    return (module.call('chat:before_ai', { text, tool }).extractions ?? []).length > 0;
  };
  const texts = readLines(
    files.topics,
    z.object({ text: z.string(), topics: z.array(z.string()), stray: z.boolean() }),
  );
  for (const { text, topics, stray } of texts) {
    ours.judge(find(text, topics), stray);
    theirs.judge(plainLists.leavesTopic(text, topics), stray);
  }
  const sums = ['word problems', 'equations', 'arithmetic'];
  for (const text of clean) {
    ours.judgeClean(find(text, sums));
    theirs.judgeClean(plainLists.leavesTopic(text, sums));
  }
  return { filter: 'topic-fence', on: `${texts.length}`, ours, theirs };
}

/** Without the clean dialogues: pupils in them are stuck now and then, and nobody has marked where. */
function judgeStruggle(module: OpenedModule): Judged {
  const [ours, theirs] = [new Score(), new Score()];
  const talks = readLines(files.struggle, z.object({ said: z.array(z.string()).min(1), stuck: z.boolean() }));
  for (const { said, stuck } of talks) {
    const noticed = said.some((text, at) => {
      const history = said.slice(0, at).map((earlier) => ({ role: 'user' as const, text: earlier }));
      return (module.call('chat:on_message', { role: 'user', text, history }).extractions ?? []).length > 0;
    });
    ours.judge(noticed, stuck);
    theirs.judge(said.some(plainLists.isStuck), stuck);
  }
  return { filter: 'struggle-detector', on: `${talks.length} talks`, ours, theirs };
}
