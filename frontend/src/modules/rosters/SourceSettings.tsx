import type { RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { TextField } from '../../components/TextField';
import { toastNote } from '../../components/toast';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Name, time zone, brake, and whether a feed may make administrators. */
export function SourceSettings({ source, onSaved }: { source: RosterSource; onSaved: () => void }) {
  const { rosterSourceId } = source;
  const [name, setName] = useState(source.name);
  const [timeZone, setTimeZone] = useState(source.timeZone);
  const [endLimitPercent, setEndLimit] = useState(source.endLimitPercent);
  const [grantsAdmin, setGrantsAdmin] = useState(source.grantsAdmin);
  const [matchesMasterIds, setMatchesMasterIds] = useState(source.matchesMasterIds);
  const [scheduled, setScheduled] = useState(source.scheduled);
  const [nightlyAt, setNightlyAt] = useState(source.nightlyAt);
  const [weeklyDay, setWeeklyDay] = useState(source.weeklyDay);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      const when = { scheduled, nightlyAt, weeklyDay };
      const rest = { timeZone, endLimitPercent, grantsAdmin, matchesMasterIds, ...when };
      await withFreshSession(() => api.rosters.updateSource({ rosterSourceId, name, ...rest }));
    } catch (error) {
      if (!(error instanceof ProofDeclined)) setRefusal(readFailure(error));
      return;
    }
    toastNote('The source was changed.');
    onSaved();
  }

  return (
    <section aria-labelledby="settings">
      <div className="sec-head">
        <h2 id="settings">Settings</h2>
      </div>
      <form className="card pad stack source-settings" onSubmit={(event) => void submit(event)}>
        <TextField error={refusal} label="Name" maxLength={100} onChange={setName} value={name} />
        <Field hint="Days begin and end here, for memberships with dates." label="Time zone">
          {(control) => (
            <select
              {...control}
              className="input"
              onChange={({ target }) => setTimeZone(target.value)}
              value={timeZone}
            >
              {[...new Set([timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => (
                <option key={zone} value={zone}>
                  {zone}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          hint="A run that would end more than this share of a kind waits for you."
          label="Brake, in percent"
        >
          {(control) => (
            <input
              {...control}
              className="input"
              max={100}
              min={0}
              onChange={({ target }) => setEndLimit(Math.round(target.valueAsNumber) || 0)}
              type="number"
              value={endLimitPercent}
            />
          )}
        </Field>
        {source.kind === 'rest' && (
          <>
            <label className="tick">
              <input
                checked={scheduled}
                onChange={({ target }) => setScheduled(target.checked)}
                type="checkbox"
              />
              <span>Ask it every night, and apply what no brake holds</span>
            </label>
            <TextField
              hint="In the time zone above."
              label="At"
              onChange={setNightlyAt}
              type="time"
              value={nightlyAt}
            />
            <Field hint="On other days only what has changed is asked for." label="Everything is read on">
              {(control) => (
                <select
                  {...control}
                  className="input"
                  onChange={({ target }) => setWeeklyDay(Number(target.value))}
                  value={weeklyDay}
                >
                  {days.map((day, at) => (
                    <option key={day} value={at}>
                      {day}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </>
        )}
        <label className="tick">
          <input
            checked={grantsAdmin}
            onChange={({ target }) => setGrantsAdmin(target.checked)}
            type="checkbox"
          />
          <span>This system may make principals and administrators administrators here too</span>
        </label>
        <label className="tick">
          <input
            checked={matchesMasterIds}
            onChange={({ target }) => setMatchesMasterIds(target.checked)}
            type="checkbox"
          />
          <span>Whoever another source gives the same master identifier is the same person</span>
        </label>
        {source.kind === 'csv' && (
          <p className="small muted break">
            Where the installation watches a folder, zips for this source are laid into{' '}
            <code>{rosterSourceId}</code>.
          </p>
        )}
        <div className="row">
          <Button blockedBecause={name.trim() ? null : 'It needs a name.'} look="primary" type="submit">
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}
