import { useState } from 'react';
import { Button } from '../../components/Button';
import { sameName } from './same_name';

/** The last question before somebody is erased: their name, typed. */
export function EraseForm({
  name,
  busy,
  onErase,
  onKeep,
}: {
  name: string;
  busy: boolean;
  onErase: () => void;
  onKeep: () => void;
}) {
  const [typed, setTyped] = useState('');
  return (
    <section aria-label="Erase" className="card pad stack">
      <p>
        What {name} wrote, and what was stored about them, goes for good, on every device. What they made for
        others stays and is nobody’s. <b>This cannot be undone.</b> Export it first if anybody may ask for it.
      </p>
      <label className="stack">
        Type the name to confirm
        <input
          autoComplete="off"
          className="input"
          onChange={({ target }) => setTyped(target.value)}
          value={typed}
        />
      </label>
      <div className="row wrap">
        <Button
          aria-busy={busy}
          blockedBecause={sameName(typed, name) ? null : 'Type the name as it stands above.'}
          icon="trash"
          look="danger"
          onClick={onErase}
        >
          Erase for good
        </Button>
        <Button look="quiet" onClick={onKeep}>
          Keep
        </Button>
      </div>
    </section>
  );
}
