import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { countOf } from '../../components/count_of';
import { toastNote, toastRefused } from '../../components/toast';
import { useRefusals } from '../../sync/use_outbox';
import { useSyncStatus } from '../../sync/use_sync_status';

/** Says what the network did behind one's back: a change that was refused, a queue that went out. */
export function useSyncToasts(): void {
  const refusals = useRefusals();
  const { online, queued, refused, lost } = useSyncStatus();
  const navigate = useNavigate();
  const told = useRef<Set<string> | null>(null);
  const waitedOffline = useRef(0);

  useEffect(() => {
    // what was refused before this page opened is on the pill already
    if (told.current === null) {
      if (refusals.length === 0 && refused > 0) return;
      told.current = new Set(refusals.map((refusal) => refusal.syncRefusalId));
      return;
    }
    for (const refusal of refusals) {
      if (told.current.has(refusal.syncRefusalId)) continue;
      told.current.add(refusal.syncRefusalId);
      toastRefused(`Not saved: ${refusal.message}`, {
        label: 'See why',
        onPress: () => void navigate({ to: '/device' }),
      });
    }
  }, [refusals, refused, navigate]);

  useEffect(() => {
    if (lost === 0) return;
    toastRefused('Not saved: this device has no room left. What you typed is still in its box.');
  }, [lost]);

  useEffect(() => {
    if (!online) {
      waitedOffline.current = queued;
    } else if (waitedOffline.current > 0 && queued === 0) {
      toastNote(`Back online. ${countOf(waitedOffline.current, 'change')} sent in order`, 'cloud');
      waitedOffline.current = 0;
    }
  }, [online, queued]);
}
