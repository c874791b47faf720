import { Button } from '../../components/Button';
import { formatTime } from '../../components/format_moment';
import { Icon, type IconName } from '../../components/Icon';
import type { TableComparison } from '../../sync/compare_rows';
import { tableInWords } from './table_in_words';
import type { Comparison } from './use_comparison';

const heads: Record<Comparison['kind'], { title: string; tone: string; icon: IconName }> = {
  none: { title: 'Is it all here?', tone: '', icon: 'eye' },
  comparing: { title: 'Comparing', tone: 'wait', icon: 'refresh' },
  repairing: { title: 'Different, loading anew', tone: 'warm', icon: 'refresh' },
  rebuilding: { title: 'Loading everything anew', tone: 'wait', icon: 'refresh' },
  rebuilt: { title: 'Loaded anew', tone: 'green', icon: 'check' },
  identical: { title: 'Identical', tone: 'green', icon: 'check' },
  repaired: { title: 'Repaired: identical now', tone: 'green', icon: 'check' },
  different: { title: 'Different', tone: 'warm', icon: 'warn' },
  failed: { title: 'Not compared', tone: 'wait', icon: 'cloudoff' },
};

const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const rowsOf = (tables: readonly TableComparison[]) =>
  new Intl.NumberFormat().format(tables.reduce((sum, { here }) => sum + here, 0));

/** Whether this device holds what the server has for its person, said in a word and put right where it is not. */
export function CompareCard({
  state,
  busy,
  online,
  onCompare,
}: {
  state: Comparison;
  busy: boolean;
  online: boolean;
  onCompare: () => void;
}) {
  const { title, tone, icon } = heads[state.kind];
  return (
    <section className="card pad stack" aria-labelledby="compare" aria-busy={busy}>
      <div className="row">
        <span className={tone ? `mark ${tone}` : 'mark'}>
          <Icon name={icon} />
        </span>
        <h2 id="compare">{title}</h2>
      </div>
      <div className="stack gap-2" role="status">
        <Findings state={state} />
      </div>
      <div className="row flex-wrap">
        <Button
          small
          blockedBecause={
            busy ? 'It is under way.' : online ? null : 'This needs the server: wait for the network.'
          }
          onClick={onCompare}
        >
          Compare with the server
        </Button>
        {state.kind === 'identical' && (
          <span className="small muted">
            {formatTime(state.at, true)}, took {seconds.format(state.tookMs / 1000)} s
          </span>
        )}
      </div>
    </section>
  );
}

function Findings({ state }: { state: Comparison }) {
  switch (state.kind) {
    case 'none':
      return <p className="soft">Holds every row here against the server’s, and puts right what differs.</p>;
    case 'comparing':
      return <p className="soft">Every row is counted here and on the server, at the same moment.</p>;
    case 'rebuilding':
      return <p className="soft">What is here stays readable until the new copy is complete.</p>;
    case 'rebuilt':
      return <p className="soft">Everything here is a fresh copy. What waits in line was kept.</p>;
    case 'identical':
      return (
        <p className="soft">
          What you see is what the server holds for you: {rowsOf(state.tables)} rows, same versions, none
          missing, none extra. Edits still waiting are not counted.
        </p>
      );
    case 'repairing':
      return <Differences tables={state.wrong} />;
    case 'repaired':
      return (
        <>
          <p className="soft">Something here was not what the server holds. A fresh copy took its place.</p>
          <Differences tables={state.wrong} />
        </>
      );
    case 'different':
      return (
        <>
          <p className="soft">
            Loading anew did not help, so the mistake is the server’s. Please tell your school’s IT.
          </p>
          <Differences tables={state.wrong} />
        </>
      );
    case 'failed':
      return <p className="soft">{state.why}</p>;
  }
}

function Differences({ tables }: { tables: readonly TableComparison[] }) {
  return (
    <ul className="small stack gap-1">
      {tables.map(({ table, here, there }) => (
        <li key={table}>
          <b>{tableInWords(table)}:</b>{' '}
          {here === there
            ? `${here} rows on both sides, not the same ones`
            : `${here} here, ${there} on the server`}
        </li>
      ))}
    </ul>
  );
}
