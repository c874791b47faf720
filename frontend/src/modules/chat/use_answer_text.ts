import { useRunText } from '../../sync/use_run_text';
import type { Answer } from './build_thread';

/**
 * The words of an answer: those that stream in while it is written, and the stored ones after that. The
 * change is seamless, since both go through the same component under the same key.
 */
export function useAnswerText(answer: Answer): { text: string; growing: boolean; startedOver: boolean } {
  const stream = useRunText(answer.live ? (answer.run?.runId ?? null) : null);
  if (!answer.live) return { text: answer.message?.text ?? '', growing: false, startedOver: false };
  const streamed = stream?.text ?? '';
  return {
    // Until a retry speaks, what came before stands.
    text: streamed === '' ? (answer.message?.text ?? '') : streamed,
    growing: streamed !== '',
    startedOver: (stream?.attempt ?? 1) > 1,
  };
}
