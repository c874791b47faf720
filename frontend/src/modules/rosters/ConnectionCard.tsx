import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { toastNote } from '../../components/toast';
import { ConnectionFields, connectionOf, emptyConnection } from './ConnectionFields';

/** The school system behind a source: its address, whether it answers, and asking it now. */
export function ConnectionCard({ source, onSaved }: { source: RosterSource; onSaved: () => void }) {
  const { rosterSourceId, connection, hasSecret } = source;
  const navigate = useNavigate();
  const [draft, setDraft] = useState({
    ...emptyConnection,
    ...connection,
    tokenUrl: connection?.tokenUrl ?? '',
  });
  const [answer, setAnswer] = useState<{ works: boolean; sentence: string } | null>(null);
  const [asking, setAsking] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    try {
      await withFreshSession(() => api.rosters.updateSource({ rosterSourceId, ...connectionOf(draft) }));
    } catch (error) {
      if (!(error instanceof ProofDeclined)) setAnswer({ works: false, sentence: readFailure(error) });
      return;
    }
    // What was typed while it was being saved stays.
    setDraft((now) => (now.secret === draft.secret ? { ...now, secret: '' } : now));
    setAnswer(null);
    toastNote('The connection was saved.');
    onSaved();
  }

  async function test() {
    setAsking(true);
    try {
      setAnswer(await api.rosters.testConnection({ rosterSourceId }));
    } catch (error) {
      setAnswer({ works: false, sentence: readFailure(error) });
    }
    setAsking(false);
  }

  async function ask() {
    const rosterRunId = newId('rosterrun');
    try {
      await api.rosters.fetch({ rosterRunId, rosterSourceId, scope: 'full' });
    } catch (error) {
      setAnswer({ works: false, sentence: readFailure(error) });
      return;
    }
    await navigate({ to: '/rosters/$rosterSourceId/$rosterRunId', params: { rosterSourceId, rosterRunId } });
  }

  return (
    <section aria-labelledby="connection">
      <div className="sec-head">
        <h2 id="connection">School system</h2>
      </div>
      <form className="card pad stack source-settings" onSubmit={(event) => void save(event)}>
        <div className="row wrap">
          <Button
            blockedBecause={hasSecret ? null : 'Enter its secret first.'}
            icon="refresh"
            look="primary"
            onClick={() => void ask()}
          >
            Ask it now and compare
          </Button>
          <Button blockedBecause={asking ? 'It is being asked.' : null} onClick={() => void test()}>
            Test the connection
          </Button>
        </div>
        {answer && (
          <p className={answer.works ? 'tone-green' : 'tone-alert'} role="status">
            {answer.sentence}
          </p>
        )}
        <ConnectionFields draft={draft} hasSecret={hasSecret} onChange={setDraft} />
        <div className="row">
          <Button
            blockedBecause={draft.baseUrl && draft.clientId ? null : 'It needs an address and a client id.'}
            type="submit"
          >
            Save the connection
          </Button>
        </div>
      </form>
    </section>
  );
}
