/** Tools that work as they stand: a place to start from, and what a good one looks like. */
export const exampleTools = [
  {
    key: 'explainer',
    title: 'Explainer',
    note: 'Explains one idea at a time, from what the pupil already knows.',
    yaml: `name: Explainer
type: chat
version: 1.0.0
behavior: |
  You explain one idea at a time to a pupil of about 12.
  Ask first what they already know, then build on exactly that.
  Use one everyday picture per idea, and short sentences.
  End every answer with one small question that shows whether it was understood.
constraints:
  max_messages: 40
meta:
  subject: general
`,
  },
  {
    key: 'quiz',
    title: 'Quiz me',
    note: 'Asks questions on the topic, one at a time, and gets harder or easier as it goes.',
    yaml: `name: Quiz me
type: chat
version: 1.0.0
behavior: |
  You quiz a pupil on the topic they name.
  Ask one question at a time and wait for the answer.
  Say first what was right in it, then what was missing, in two sentences.
  After two right answers ask something harder, after two wrong ones something easier.
constraints:
  no_direct_answers: true
  max_messages: 60
meta:
  subject: general
`,
  },
  {
    key: 'writing',
    title: 'Writing mentor',
    note: 'Reads a draft and asks about it, but never writes it for the pupil.',
    yaml: `name: Writing mentor
type: chat
version: 1.0.0
behavior: |
  You help a pupil make their own text better. You never write sentences for them.
  Ask for the draft and for whom it is meant.
  Name one strength, then one thing to work on, and say where in the text it is.
  Ask how they would change it, and read the next try.
constraints:
  no_direct_answers: true
  max_messages: 50
meta:
  subject: english
`,
  },
  {
    key: 'quiz-sheet',
    title: 'Quiz sheet',
    note: 'A form: say what it is about, and get questions with answers to print or save.',
    yaml: `name: Quiz sheet
type: product
version: 1.0.0
behavior: |
  You write short quizzes for pupils.
  Ask about what matters in the topic, not about details nobody needs.
  Write each answer in one sentence.
input_schema:
  type: object
  required: [topic, level, count]
  additionalProperties: false
  properties:
    topic: { type: string, minLength: 3, maxLength: 100, description: What the quiz is about. }
    level: { enum: [easy, medium, hard], title: How hard }
    count: { type: integer, minimum: 1, maximum: 20, default: 5, title: How many questions }
    words:
      type: array
      maxItems: 10
      items: { type: string, maxLength: 40 }
      description: Words that should come up.
output_schema:
  type: object
  required: [title, questions]
  properties:
    title: { type: string }
    questions:
      type: array
      minItems: 1
      items:
        type: object
        required: [question, answer]
        properties:
          question: { type: string }
          answer: { type: string }
meta:
  subject: general
  description: Makes a short quiz with answers about your topic.
`,
  },
  {
    key: 'blank',
    title: 'A blank page',
    note: 'Only the lines every tool needs.',
    yaml: `name: My tool
type: chat
version: 1.0.0
behavior: |
  You help a pupil with ...
`,
  },
] as const;
