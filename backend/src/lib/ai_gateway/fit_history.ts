import type { AiMessage } from './ai_gateway';
import { countTokens } from './count_tokens';

/** What a message costs besides its text: who says it, and where it ends. */
const tokensAround = 4;
const lastMessages = 50;

/** Whatever it is, a token is at least one byte: most conversations fit by their length, and nobody has to count. */
const mostTokens = (message: AiMessage) => Buffer.byteLength(message.content) + tokensAround;

/**
 * The newest messages that fit into `budget` tokens, oldest first; at most the last 50 where there is no
 * budget. A message is taken whole or not at all, and none before one that does not fit: a conversation with
 * holes misleads.
 */
export function fitHistory(messages: readonly AiMessage[], budget: number | undefined): AiMessage[] {
  if (budget === undefined) return messages.slice(-lastMessages);
  if (messages.reduce((sum, message) => sum + mostTokens(message), 0) <= budget) return [...messages];
  let left = budget;
  let from = messages.length;
  while (from > 0) {
    const message = messages[from - 1];
    if (!message) break;
    left -= countTokens(message.content) + tokensAround;
    if (left < 0) break;
    from--;
  }
  return messages.slice(from);
}
