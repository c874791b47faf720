export type AiErrorCode =
  | 'rate_limit'
  | 'authentication'
  | 'model_not_available'
  | 'timeout'
  | 'stalled'
  | 'invalid_response'
  | 'context_too_long'
  | 'content_filter'
  | 'cancelled'
  | 'general';

/** What went wrong in one attempt, before it is known whether text had been released. */
export type AiFault = {
  code: AiErrorCode;
  /** our own words for the log; never anything the model or the gateway wrote */
  detail: string;
  /** whether the same request may succeed later */
  retryable: boolean;
  /** HTTP status, where there was one */
  status?: number;
  /** what the gateway asked for, however long */
  retryAfterMs?: number;
};

const AGAIN = 'Please try again in a moment.';

/** For each code: what a pupil reads when nothing had come, and when a part of the answer had. */
const SENTENCES: Record<AiErrorCode, { whole: string; part?: string }> = {
  rate_limit: {
    whole: `Many people are asking the AI right now, so it could not take your message. ${AGAIN}`,
    part: 'The AI became too busy to finish. You can keep this part, or ask again in a moment.',
  },
  authentication: {
    whole:
      'The AI is not set up correctly for your school. You did nothing wrong. Please tell your teacher about it.',
  },
  model_not_available: {
    whole:
      'The AI model this tool asks for is not available. Please tell your teacher, who can choose another one.',
  },
  timeout: {
    whole: `The AI took too long to answer. Your message is safe. ${AGAIN}`,
    part: 'The AI took too long to finish. You can keep this part, or ask again.',
  },
  stalled: {
    whole: `The AI went quiet before it began. Your message is safe. ${AGAIN}`,
    part: 'The AI went quiet in the middle of its answer. You can keep this part, or ask again.',
  },
  invalid_response: {
    whole: `The AI sent an answer we could not read. Your message is safe. ${AGAIN}`,
    part: 'The answer broke off before its end. You can keep this part, or ask again.',
  },
  context_too_long: {
    whole:
      'This conversation has grown too long for the AI. Please start a new one, or send a shorter message.',
  },
  content_filter: {
    whole: 'The AI’s own filter held this answer back. Please ask in another way.',
    part: 'The AI’s own filter ended the answer here. You can keep this part, or ask in another way.',
  },
  cancelled: {
    whole: 'The answer was stopped before it began. You can ask again whenever you like.',
    part: 'The answer was stopped here. You can keep this part, or ask again.',
  },
  general: {
    whole: `The AI could not be reached. Your message is safe. ${AGAIN}`,
    part: 'The connection to the AI broke in the middle of the answer. You can keep this part, or ask again.',
  },
};

/** Waiting longer than this is not told in seconds: it would be a false promise. */
const LONGEST_TOLD_WAIT_MS = 120_000;

function writeSentence(fault: AiFault, partial: boolean): string {
  const { whole, part } = SENTENCES[fault.code];
  if (partial) return part ?? whole;
  const wait = fault.retryAfterMs;
  if (fault.code !== 'rate_limit' || !wait || wait > LONGEST_TOLD_WAIT_MS) return whole;
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return whole.replace(AGAIN, `Please try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`);
}

/** The only error a gateway throws. It carries nothing a gateway or a model wrote, so it may be logged whole. */
export class AiError extends Error {
  override readonly name = 'AiError';
  readonly code: AiErrorCode;
  readonly retryable: boolean;
  /** text of this answer had already been released */
  readonly partial: boolean;
  readonly detail: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** what the pupil reads */
  readonly sentence: string;

  constructor(
    readonly fault: AiFault,
    partial: boolean,
  ) {
    super(`${fault.code}: ${fault.detail}`);
    this.code = fault.code;
    this.retryable = fault.retryable;
    this.partial = partial;
    this.detail = fault.detail;
    this.status = fault.status ?? null;
    this.retryAfterMs = fault.retryAfterMs ?? null;
    this.sentence = writeSentence(fault, partial);
  }
}
