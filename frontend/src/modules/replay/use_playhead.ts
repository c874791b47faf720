import type { ReplayStep } from '@raptscallions/zod-schemas/replay.zod';
import { useEffect, useState } from 'react';
import { readLetterKey } from '../chat/read_letter_key';

/** Nobody waits through a pupil's break; a step takes at least so long that it can be seen. */
const longestMs = 1_500;
const shortestMs = 350;

/** Where the replay stands, and whether it goes on by itself. J and K step anywhere on the page. */
export function usePlayhead(steps: readonly ReplayStep[]) {
  const last = Math.max(0, steps.length - 1);
  const [place, setPlace] = useState(0);
  const [playing, setPlaying] = useState(false);
  const go = (next: number) => setPlace(Math.min(last, Math.max(0, next)));

  useEffect(() => {
    if (!playing) return;
    if (place >= last) {
      setPlaying(false);
      return;
    }
    const gap = (steps[place + 1]?.at ?? 0) - (steps[place]?.at ?? 0);
    const timer = setTimeout(() => setPlace(place + 1), Math.min(longestMs, Math.max(shortestMs, gap)));
    return () => clearTimeout(timer);
  }, [playing, place, last, steps]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = readLetterKey(event);
      if (key === 'j') setPlace((now) => Math.min(last, now + 1));
      else if (key === 'k') setPlace((now) => Math.max(0, now - 1));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [last]);

  const toggle = () => {
    // At the end it begins again.
    if (!playing && place >= last) setPlace(0);
    setPlaying(!playing);
  };
  return { place, last, go, playing, toggle };
}
