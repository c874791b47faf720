import type { ReplayStep } from '@raptscallions/zod-schemas/replay.zod';
import type { Tone } from '../../components/Chip';
import type { IconName } from '../../components/Icon';
import { hookWords } from '../hooks/hook_words';

export type StepLine = { line: string; icon: IconName; tone?: Tone };

/** Milliseconds as people say them. */
export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

const said = {
  passed: 'let it pass',
  changed: 'changed it',
  answered: 'answered itself',
  failed: 'could not say',
  blocked: 'held it back',
} as const;

/** A step in one line. */
export function describeStep(step: ReplayStep): StepLine {
  switch (step.kind) {
    case 'began':
      return { line: 'The chat began', icon: 'play' };
    case 'question':
      return {
        line:
          step.outcome === 'blocked'
            ? 'The pupil wrote; it was held back'
            : step.replaced
              ? 'The pupil wrote; later written anew'
              : 'The pupil wrote',
        icon: 'person',
      };
    case 'started':
      return {
        line: `A worker took it after ${formatMs(step.waitedMs)}${step.attempts > 1 ? `, the attempt ${step.attempts}` : ''}`,
        icon: 'live',
      };
    case 'verdict': {
      const { module, version, hook, outcome, ms } = step;
      return {
        line: `${module} ${version} read ${hookWords[hook]} and ${said[outcome]}, ${formatMs(ms)}`,
        icon: outcome === 'blocked' ? 'lock' : outcome === 'failed' ? 'warn' : 'check',
        tone:
          outcome === 'blocked' || outcome === 'failed' ? 'alert' : outcome === 'passed' ? undefined : 'warm',
      };
    }
    case 'prompt':
      return {
        line: `Sent to ${step.model ?? 'the default model'} with ${step.history} earlier ${step.history === 1 ? 'message' : 'messages'}`,
        icon: 'send',
      };
    case 'first_word':
      return { line: `The first word, ${formatMs(step.afterMs)} after the question`, icon: 'text' };
    case 'answer': {
      const took = formatMs(step.tookMs);
      switch (step.status) {
        case 'completed':
          return { line: `The answer was whole after ${took}`, icon: 'check', tone: 'green' };
        case 'cancelled':
          return { line: `Stopped after ${took}`, icon: 'stop' };
        case 'blocked':
          return { line: `Held back after ${took}`, icon: 'lock', tone: 'warm' };
        default:
          return { line: `Failed after ${took}`, icon: 'warn', tone: 'alert' };
      }
    }
    case 'ended':
      return { line: 'The chat ended', icon: 'stop' };
  }
}
