import './hooks.css';
import type { RunOriginals } from '@raptscallions/zod-schemas/hook.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { useState } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Dialog } from '../../components/Dialog';
import { SkeletonList } from '../../components/Skeleton';
import { ResultView } from '../products/ResultView';

type Original = RunOriginals['originals'][number];

/** What modules held back of a run, for its administrators. Asking for it leaves a record. */
export function OriginalsDialog({ runId, onClose }: { runId: RunOriginals['runId']; onClose: () => void }) {
  // One look, one record, however often React renders.
  const [originalViewId] = useState(() => newId('originalview'));
  const { state } = useAnswer(() => api.hooks.readOriginals({ runId, originalViewId }), runId);
  return (
    <Dialog
      description="That you opened this was recorded."
      onClose={onClose}
      open
      title="What was held back"
    >
      <div className="dialog-body stack">
        {state.name === 'loading' && <SkeletonList label="It is being fetched" />}
        {state.name === 'failed' && (
          <p>
            The server did not hand it out. Check the network, and whether you still look after its class.
          </p>
        )}
        {state.name === 'loaded' && state.data.originals.length === 0 && (
          <p>Nothing of this run is kept: it is older than what was held back is.</p>
        )}
        {state.name === 'loaded' &&
          state.data.originals.map((each) => <Held held={each} key={`${each.hook} ${each.heldBackAt}`} />)}
      </div>
    </Dialog>
  );
}

const authors: Partial<Record<Original['hook'], string>> = {
  'chat:before_ai': 'Written by the pupil',
  'chat:after_ai': 'Written by the AI',
  'product:before_ai': 'Filled in by the pupil',
  'product:after_ai': 'The AI’s result',
};

function Held({ held: { hook, module, original, reason } }: { held: Original }) {
  return (
    <div>
      <p className="small soft">
        {authors[hook] ?? hook}, held back by {module}
        {reason && `: ${reason}`}
      </p>
      {typeof original === 'string' ? (
        <p className="sample">{original}</p>
      ) : (
        <ResultView schema={{}} value={original} />
      )}
    </div>
  );
}
