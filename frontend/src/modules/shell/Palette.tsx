import { mayMakeTools } from '@raptscallions/policies/ability';
import { useRouter } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Icon } from '../../components/Icon';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { findEntries } from './palette.queries';

/** Find or do: a box and a list, both under the keyboard. It searches this device, so it works offline. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="dialog modal palette" aria-describedby={undefined}>
          <Radix.Title className="sr">Find or do</Radix.Title>
          <PaletteBody onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const db = useLocalDb();
  const me = useMe();
  const router = useRouter();
  const listId = useId();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const makesTools = mayMakeTools(me.actor);
  const entries =
    useLiveQuery(() => findEntries(db, search, me.role, makesTools), [db, search, me.role, makesTools]) ?? [];
  const chosen = Math.min(at, entries.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[data-at="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  function go(href: string) {
    onClose();
    router.history.push(href);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setAt((chosen + step + entries.length) % entries.length);
    }
    const entry = entries[chosen];
    if (event.key === 'Enter' && entry) {
      event.preventDefault();
      go(entry.href);
    }
  }

  return (
    <>
      <div className="find">
        <Icon name="search" />
        <input
          className="bare"
          role="combobox"
          aria-label="Find or do"
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${listId}-${chosen}` : undefined}
          placeholder={me.role === 'student' ? 'Work or page' : 'Pupil, class, tool or page'}
          autoComplete="off"
          spellCheck={false}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="hide-s">Esc</kbd>
      </div>
      <div className="menu" role="listbox" id={listId} aria-label="Results" ref={list}>
        {entries.map((entry, index) => (
          <div key={`${entry.section} ${entry.key}`} role="presentation">
            {entries[index - 1]?.section !== entry.section && (
              <div className="menu-row group" role="presentation">
                {entry.section}
              </div>
            )}
            {/* the box keeps the focus and owns the keys: the options are for the pointer */}
            <div
              className="menu-row"
              role="option"
              tabIndex={-1}
              id={`${listId}-${index}`}
              data-at={index}
              aria-selected={index === chosen}
              onClick={() => go(entry.href)}
              onKeyDown={onKeyDown}
              onPointerMove={() => setAt(index)}
            >
              <Icon name={entry.icon} />
              <span className="grow">{entry.label}</span>
              {entry.note && <span className="small muted clip">{entry.note}</span>}
              {index === chosen && <kbd className="hide-s">Enter</kbd>}
            </div>
          </div>
        ))}
      </div>
      {entries.length === 0 && search !== '' && (
        <p className="pad-m soft">Nothing on this device is called “{search}”.</p>
      )}
      <p className="foot small muted">
        <Icon name="device" />
        Searches what is on this device, with or without a network.
      </p>
    </>
  );
}
