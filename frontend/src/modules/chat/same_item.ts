import type { QuestionState, ThreadItem } from './build_thread';

/** Whether two readings of the database show the same: live queries make new objects every time. */
export function isSameItem(a: ThreadItem, b: ThreadItem): boolean {
  if (a.key !== b.key) return false;
  if (a.kind === 'note' && b.kind === 'note') return a.text === b.text;
  if (a.kind === 'question' && b.kind === 'question') {
    return (
      a.text === b.text &&
      a.writtenAt === b.writtenAt &&
      a.replaced === b.replaced &&
      isSameState(a.state, b.state)
    );
  }
  if (a.kind !== 'answer' || b.kind !== 'answer') return false;
  return (
    a.live === b.live &&
    a.replaced === b.replaced &&
    a.message?.text === b.message?.text &&
    a.message?.outcome === b.message?.outcome &&
    a.run?.runId === b.run?.runId &&
    a.run?.status === b.run?.status &&
    a.run?.notice === b.run?.notice &&
    a.run?.errorMessage === b.run?.errorMessage
  );
}

function isSameState(a: QuestionState, b: QuestionState): boolean {
  const ofB = new Map<string, unknown>(Object.entries(b));
  return (
    Object.entries(a).every(([name, value]) => ofB.get(name) === value) && ofB.size === Object.keys(a).length
  );
}
