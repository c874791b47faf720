import { semver, toolKind } from '@raptscallions/zod-schemas/tool.zod';
import { z } from 'zod';
import { checkJsonSchema } from './check_json_schema';
import { limits } from './limits';
import { completeVersion } from './version_number';

/**
 * What people read of a part of a tool. `rule` ends the sentence “max_messages must be …”; `hint` says what
 * it is for; `starter` is what completion writes after the key.
 */
export type ToolPart = { rule: string; hint?: string; starter?: string };
export const toolParts = z.registry<ToolPart>();

const text = (max: number, part: ToolPart) => z.string().regex(/\S/).max(max).register(toolParts, part);

const topics = z
  .array(text(100, { rule: 'text of 1 to 100 characters' }))
  .max(50)
  .register(toolParts, {
    rule: 'a list of up to 50 topics, such as [leaves, respiration]',
    hint: 'what pupils may talk about with it',
    starter: '[]',
  });

const ConstraintsZod = z
  .strictObject({
    topics: topics.default([]),
    no_direct_answers: z
      .boolean()
      .register(toolParts, {
        rule: 'true or false',
        hint: 'leads to the answer, never gives it',
        starter: 'true',
      })
      .default(false),
    max_messages: z
      .int()
      .min(1)
      .max(500)
      .register(toolParts, {
        rule: 'a whole number from 1 to 500',
        hint: 'how long a chat may get',
        starter: '40',
      })
      .optional(),
  })
  .register(toolParts, { rule: 'a group of indented keys', hint: 'limits of the chat', starter: '\n  ' });

const phrase = (hint: string) => text(1_000, { rule: 'text of 1 to 1,000 characters', hint });

/** What a test expects of the answer; all that is written must hold. */
const ExpectZod = z
  .strictObject({
    contains: phrase('the answer has this in it').optional(),
    not_contains: phrase('the answer does not have this in it').optional(),
    contains_question: z
      .boolean()
      .register(toolParts, { rule: 'true or false', hint: 'the answer asks something', starter: 'true' })
      .optional(),
    max_words: z
      .int()
      .min(1)
      .max(10_000)
      .register(toolParts, {
        rule: 'a whole number from 1 to 10,000',
        hint: 'the answer is no longer',
        starter: '120',
      })
      .optional(),
    blocked_by: text(100, {
      rule: 'the name of a module',
      hint: 'a module refuses the message',
    }).optional(),
    direct_answer: z
      .boolean()
      .register(toolParts, { rule: 'true or false', hint: 'the answer gives it away', starter: 'false' })
      .optional(),
  })
  .refine((expect) => Object.keys(expect).length > 0, {
    error: 'expect needs at least one thing to look for, such as contains_question: true.',
  })
  .register(toolParts, { rule: 'a group of keys', hint: 'what the answer must be like', starter: '{  }' });

const ToolTestZod = z
  .strictObject({
    name: text(100, { rule: 'text of 1 to 100 characters', hint: 'what this test is about' }),
    input: text(4_000, { rule: 'text of 1 to 4,000 characters', hint: 'what a pupil says' }),
    expect: ExpectZod,
  })
  .register(toolParts, { rule: 'a test with name, input and expect' });

const MetaZod = z
  .strictObject({
    subject: text(100, { rule: 'text of 1 to 100 characters', hint: 'such as biology' }).optional(),
    grades: z
      .array(
        z
          .union([z.int().min(0).max(30), z.string().regex(/\S/).max(40)])
          .register(toolParts, { rule: 'a whole number or a short text' }),
      )
      .max(30)
      .register(toolParts, { rule: 'a list, such as [7, 8]', hint: 'whom it is for', starter: '[]' })
      .default([]),
    description: text(500, {
      rule: 'text of 1 to 500 characters',
      hint: 'what pupils read before they begin',
    }).optional(),
  })
  .register(toolParts, {
    rule: 'a group of indented keys',
    hint: 'for finding and sorting',
    starter: '\n  ',
  });

const jsonSchema = (hint: string) =>
  z
    .record(z.string(), z.unknown())
    .superRefine((schema, ctx) => {
      for (const flaw of checkJsonSchema(schema).slice(0, limits.problems)) {
        const { path, message, instead } = flaw;
        ctx.addIssue({ code: 'custom', path, message, params: { instead } });
      }
    })
    .register(toolParts, { rule: 'a JSON Schema', hint, starter: '\n  type: object\n  properties:\n    ' })
    .optional();

/** Plain versions only: what a tool's row may hold, and what a person can order by looking. */
const version = semver
  .refine((written) => completeVersion(written) === written)
  .register(toolParts, {
    rule: 'three numbers, such as 1.0.0',
    hint: 'raise it with every change',
    starter: '1.0.0',
  });

/** A tool as its YAML describes it. Unknown keys are errors: a misspelt rule must not be a rule unheard. */
export const ToolDefinitionZod = z
  .strictObject({
    name: z
      .string()
      .regex(/\S/)
      .max(100)
      .trim()
      .register(toolParts, { rule: 'text of 1 to 100 characters', hint: 'what everybody calls it' }),
    type: toolKind.register(toolParts, {
      rule: 'chat or product',
      hint: 'a conversation, or a form with a result',
      starter: 'chat',
    }),
    version: version.default('1.0.0'),
    model: text(200, {
      rule: 'the name of a model, up to 200 characters',
      hint: 'leave it out for the school’s own choice',
    }).optional(),
    behavior: text(20_000, {
      rule: 'text of 1 to 20,000 characters',
      hint: 'what you tell the AI to be and do',
      starter: '|\n  ',
    }),
    constraints: ConstraintsZod.prefault({}),
    input_schema: jsonSchema('product only: the fields of the form'),
    output_schema: jsonSchema('product only: the shape of the result'),
    modules: z
      .array(text(100, { rule: 'the name of a module' }))
      .max(50)
      .register(toolParts, {
        rule: 'a list of module names, such as [pii-filter]',
        hint: 'filters that read along',
        starter: '[]',
      })
      .default([]),
    tests: z
      .array(ToolTestZod)
      .max(100)
      .register(toolParts, {
        rule: 'a list of up to 100 tests',
        hint: 'run before every publication',
        starter: '\n  - name: ',
      })
      .default([]),
    meta: MetaZod.prefault({}),
  })
  .register(toolParts, { rule: 'a list of keys' });

export type ToolDefinition = z.output<typeof ToolDefinitionZod>;
