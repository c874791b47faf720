import { useRef } from 'react';
import { useRunText } from '../../sync/use_run_text';
import type { Answer } from './build_thread';

/**
 * The words of an answer: those that stream in while it is written, and the stored ones after that. The
 * change is seamless, since both go through the same component under the same key.
 */
export function useAnswerText(answer: Answer): { text: string; growing: boolean; startedOver: boolean } {
  const stream = useRunText(answer.live ? (answer.run?.runId ?? null) : null);
  // The stream is forgotten the moment the rows are stored, which is a moment before they are read again:
  // an empty message in between would make the page jump.
  const lastStreamed = useRef('');
  if (!answer.live) lastStreamed.current = '';
  else if (stream) lastStreamed.current = stream.text;
  const stored = answer.message?.text ?? '';
  if (!answer.live) return { text: stored, growing: false, startedOver: false };
  // What goes on with an answer comes after it; until a retry speaks, what came before stands.
  const text = answer.run?.continues ? stored + lastStreamed.current : lastStreamed.current || stored;
  return {
    text,
    growing: lastStreamed.current !== '',
    startedOver: (stream?.attempt ?? 1) > 1,
  };
}
