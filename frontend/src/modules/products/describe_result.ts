import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type { Tone } from '../../components/Chip';
import type { IconName } from '../../components/Icon';

export type ResultState = {
  name: 'queued' | 'waiting' | 'ready' | 'failed' | 'stopped' | 'held';
  word: string;
  icon: IconName;
  tone?: Tone;
};

/** How far a result is, in a word. @param queued it still stands in this device's outbox */
export function describeResult(run: Run | null, queued: boolean): ResultState {
  if (queued || !run) return { name: 'queued', word: 'Waits on this device', icon: 'clock', tone: 'wait' };
  switch (run.status) {
    case 'pending':
      return { name: 'waiting', word: 'Waiting its turn', icon: 'clock', tone: 'wait' };
    case 'processing':
      return { name: 'waiting', word: 'Being made', icon: 'live', tone: 'green' };
    case 'completed':
      return { name: 'ready', word: 'Ready', icon: 'check', tone: 'green' };
    case 'failed':
      return { name: 'failed', word: 'Not made', icon: 'warn', tone: 'alert' };
    case 'cancelled':
      return { name: 'stopped', word: 'Stopped', icon: 'stop' };
    case 'blocked':
      return { name: 'held', word: 'Held back', icon: 'lock', tone: 'warm' };
  }
}
