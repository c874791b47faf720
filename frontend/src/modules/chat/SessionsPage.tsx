import './chat.css';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { Link, useNavigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { EmptyState } from '../../components/EmptyState';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SkeletonList } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { readSessionBoard } from './chat.queries';
import { countStates, filterSessions, type StateFilter } from './filter_sessions';
import { SessionFilters } from './SessionFilters';
import { SessionRow } from './SessionRow';
import { useRowKeys } from './use_row_keys';

const step = 100;

/** The chats of the classes a teacher has, by need: unanswered ones first, then whoever wrote last. */
export function SessionsPage({ classId }: { classId?: ClassId }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const now = useNow();
  const [state, setState] = useState<StateFilter>('all');
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(step);
  const list = useRef<HTMLUListElement>(null);
  const wantedClass = classId ?? null;
  const navigate = useNavigate();
  // The class stands in the address, so that a class page can link here and Back undoes the choice.
  const pickClass = (picked: ClassId | null) =>
    void navigate({ to: '/chats', search: picked ? { classId: picked } : {} });
  const board = useLiveQuery(() => readSessionBoard(db, userId, wantedClass), [db, userId, wantedClass]);
  const words = useDeferredValue(search);
  const found = useMemo(
    () => (board ? filterSessions(board.entries, { words, state: 'all', now }) : []),
    [board, words, now],
  );
  const rows = useMemo(
    () =>
      state === 'all'
        ? found
        : filterSessions(
            found.map((row) => row.entry),
            { words: '', state, now },
          ),
    [found, state, now],
  );
  useRowKeys(list);

  return (
    <main className="main sessions" id="main">
      <PageHead title="Chats">
        Opening one is recorded.
        {rows.length > 0 && (
          <span className="hide-s">
            {' '}
            <kbd>J</kbd> <kbd>K</kbd> move, <kbd>N</kbd> goes to the next in need, <kbd>Enter</kbd> opens.
          </span>
        )}
      </PageHead>
      <SessionFilters
        classes={board?.classes ?? []}
        counts={countStates(found)}
        onClass={pickClass}
        onSearch={setSearch}
        onState={setState}
        pickedClass={wantedClass}
        search={search}
        state={state}
      />
      {board === undefined ? (
        <SkeletonList label="Loading the chats" rows={5} />
      ) : rows.length === 0 ? (
        <div className="card">
          {board.entries.length === 0 ? (
            <NoChats hasClasses={board.classes.length > 0} />
          ) : (
            <EmptyState
              action={
                <Button
                  onClick={() => {
                    setSearch('');
                    setState('all');
                    pickClass(null);
                  }}
                >
                  Show all
                </Button>
              }
              mood={state === 'failed' ? 'glad' : 'plain'}
              title={state === 'failed' ? 'Everybody got an answer' : 'Nobody fits this'}
            >
              {state === 'failed' ? 'No question is left lying here.' : 'Try another name or another state.'}
            </EmptyState>
          )}
        </div>
      ) : (
        <>
          <ul aria-label="Chats" className="card sess-list" ref={list}>
            {rows.slice(0, shown).map(({ entry, state: rowState }) => (
              <SessionRow
                entry={entry}
                key={entry.session.chatSessionId}
                now={now}
                showClass={!wantedClass}
                state={rowState}
              />
            ))}
          </ul>
          {rows.length > shown && (
            <p className="center pad-top">
              <Button onClick={() => setShown(shown + step)}>
                Show {Math.min(step, rows.length - shown)} more of {rows.length - shown}
              </Button>
            </p>
          )}
        </>
      )}
    </main>
  );
}

function NoChats({ hasClasses }: { hasClasses: boolean }) {
  return (
    <EmptyState
      action={
        <Link className={buttonClass('primary')} to={hasClasses ? '/tools' : '/classes'}>
          <Icon name={hasClasses ? 'tool' : 'users'} />
          {hasClasses ? 'Choose a tool to give' : 'See the classes'}
        </Link>
      }
      title="Quiet as a vegetable patch"
    >
      {hasClasses
        ? 'No pupil has begun a chat yet. Give a class a tool, and what they write appears here while they write it.'
        : 'Chats appear here for the classes you teach, and you teach none yet.'}
    </EmptyState>
  );
}
