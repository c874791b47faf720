import { type EditArgs, type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { CopyButton } from '../../components/CopyButton';
import { countOf } from '../../components/count_of';
import { formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { useEdit, useSync } from '../../sync/sync_context';
import type { Refusal } from '../../sync/use_outbox';
import { wordsOfEdit } from './describe_edit';

/** What the server would not take: why, and what can be done with the words in it. */
export function RefusedEdits({
  refusals,
  sentences,
}: {
  refusals: readonly Refusal[];
  sentences: Map<string, string> | undefined;
}) {
  return (
    <section aria-labelledby="refused">
      <div className="sec-head">
        <h2 id="refused">Not saved</h2>
        <Chip tone="alert" icon="warn">
          {countOf(refusals.length, 'needs a decision', 'need a decision')}
        </Chip>
      </div>
      <div className="stack">
        {refusals.map((refusal) => (
          <RefusedEdit
            key={refusal.syncRefusalId}
            refusal={refusal}
            sentence={sentences?.get(refusal.syncRefusalId) ?? refusal.name}
          />
        ))}
      </div>
    </section>
  );
}

function isEditName(name: string): name is EditName {
  return Object.hasOwn(editInputs, name);
}

/** What would be asked for once more; null when this app no longer knows how, or what. */
function readAgain({ name, args }: Refusal): { name: EditName; args: EditArgs<EditName> } | null {
  if (!isEditName(name)) return null;
  const parsed = editInputs[name].safeParse(args);
  return parsed.success ? { name, args: parsed.data as EditArgs<EditName> } : null;
}

function whyNotAgain(refusal: Refusal): string | null {
  if (readAgain(refusal)) return null;
  return refusal.args === null
    ? 'What it said is not kept on this device. Do it again by hand.'
    : 'An older version of the app made this. Do it again by hand.';
}

function RefusedEdit({ refusal, sentence }: { refusal: Refusal; sentence: string }) {
  const sync = useSync();
  const edit = useEdit();
  const words = wordsOfEdit(refusal.name, refusal.args);

  /** Asks once more with the same arguments: what stood in the way may be gone by now. */
  async function retry() {
    const again = readAgain(refusal);
    if (!again) return;
    await edit(again.name, again.args);
    await sync.discardRefusal(refusal.syncRefusalId);
  }

  return (
    <article className="card ref">
      <div className="row flex-wrap">
        <b className="break">{sentence}</b>
        <span className="small muted">refused at {formatTime(refusal.createdAt)}</span>
      </div>
      <p className="banner alert">
        <Icon name="warn" />
        <span>
          <b>{refusal.message}</b>{' '}
          {refusal.message === errorTable[refusal.code].message ? '' : 'So it was taken back on your screen.'}
        </span>
      </p>
      <div className="row flex-wrap">
        <Button small icon="refresh" blockedBecause={whyNotAgain(refusal)} onClick={() => void retry()}>
          Try again
        </Button>
        {words && <CopyButton label="Copy the text" read={() => words} />}
        <Button
          small
          look="quiet"
          icon="trash"
          onClick={() => void sync.discardRefusal(refusal.syncRefusalId)}
        >
          Discard
        </Button>
      </div>
    </article>
  );
}
