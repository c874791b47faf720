import {
  type RosterEntity,
  type RosterOp,
  type RosterRun,
  rosterEntity,
} from '@raptscallions/zod-schemas/roster.zod';
import { useState } from 'react';
import { ScrollBox } from '../../components/ScrollBox';
import { countsOf, entityNames, formatCount } from './describe_run';
import type { Sample } from './read_sample';
import { SampleDialog } from './SampleDialog';

/** How many of each kind come, change and go; each number opens some of its records. */
export function DifferenceTable({ run }: { run: RosterRun }) {
  const [sample, setSample] = useState<Sample | null>(null);
  const kinds = rosterEntity.options.filter((entity) => {
    const { added, changed, ended } = countsOf(run.counts, entity);
    return added + changed + ended > 0;
  });
  const cell = (entity: RosterEntity, count: number, sign: string, verb: string, ops: RosterOp[]) => (
    <td className={count === 0 ? 'num zero' : 'num'}>
      {count === 0 || !run.recordsKept ? (
        <bdi>{count === 0 ? '0' : `${sign}${formatCount(count)}`}</bdi>
      ) : (
        <button
          className="link"
          onClick={() => setSample({ entity, ops, title: `${entityNames[entity]} ${verb}` })}
          type="button"
        >
          <bdi>
            {sign}
            {formatCount(count)}
          </bdi>
          <span className="sr">
            {' '}
            {entityNames[entity]} {verb}
          </span>
        </button>
      )}
    </td>
  );
  return (
    <section aria-labelledby="differences">
      <div className="sec-head">
        <h2 id="differences">{run.status === 'applied' ? 'What changed' : 'What would change'}</h2>
        <span className="end muted">
          {formatCount(run.counts.unchanged ?? 0)} of {formatCount(run.counts.rows ?? 0)} rows are as before
        </span>
      </div>
      {kinds.length === 0 ? (
        <p className="card pad">Nothing: the file says what is here already.</p>
      ) : (
        <ScrollBox label="Differences by kind">
          <table className="data">
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th className="num" scope="col">
                  Added
                </th>
                <th className="num" scope="col">
                  Changed
                </th>
                <th className="num" scope="col">
                  Ended
                </th>
              </tr>
            </thead>
            <tbody>
              {kinds.map((entity) => {
                const { added, changed, ended } = countsOf(run.counts, entity);
                return (
                  <tr key={entity}>
                    <th scope="row">{entityNames[entity]}</th>
                    {cell(entity, added, '+', 'added', ['add', 'reactivate'])}
                    {cell(entity, changed, '~', 'changed', ['change'])}
                    {cell(entity, ended, '−', 'ended', ['end'])}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {sample && (
        <SampleDialog onClose={() => setSample(null)} rosterRunId={run.rosterRunId} sample={sample} />
      )}
    </section>
  );
}
