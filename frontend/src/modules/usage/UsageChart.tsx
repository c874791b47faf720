import type { UsageOverview } from '@raptscallions/zod-schemas/usage.zod';
import { formatCount, formatIsoDay, formatMoney } from './format_usage';

type Day = UsageOverview['days'][number];
export const usageMeasures = ['calls', 'tokens', 'cost'] as const;
export type UsageMeasure = (typeof usageMeasures)[number];
export const measures: Record<
  UsageMeasure,
  { word: string; of: (day: Day) => number; write: (n: number) => string }
> = {
  calls: { word: 'Calls', of: ({ calls }) => calls, write: formatCount },
  tokens: { word: 'Tokens', of: ({ tokens }) => tokens, write: formatCount },
  cost: { word: 'Cost', of: ({ costMicros }) => costMicros, write: formatMoney },
};

const height = 100;

/** A bar for each day, the newest last. The same numbers stand in the table below it, for whoever cannot see bars. */
export function UsageChart({ days, measure }: { days: readonly Day[]; measure: UsageMeasure }) {
  const { word, of, write } = measures[measure];
  const most = Math.max(...days.map(of), 0);
  const top = days.find((day) => of(day) === most);
  const first = days[0];
  const summary =
    most === 0 || !top
      ? `${word} by day: none.`
      : `${word} by day. The most was ${write(most)} on ${formatIsoDay(top.day)}.`;
  const slot = 1_000 / Math.max(days.length, 1);
  return (
    <figure>
      <svg className="usage-chart" preserveAspectRatio="none" role="img" viewBox={`0 0 1000 ${height}`}>
        <title>{summary}</title>
        <line x1="0" x2="1000" y1={height - 0.5} y2={height - 0.5} vectorEffect="non-scaling-stroke" />
        {most > 0 &&
          days.map((day, at) => {
            const value = of(day);
            // A day on which little was used is not a day on which nothing was.
            const tall = value === 0 ? 0 : Math.max(1.5, (value / most) * (height - 2));
            return (
              <rect
                height={tall}
                key={day.day}
                width={slot * 0.8}
                x={at * slot + slot * 0.1}
                y={height - tall - 1}
              />
            );
          })}
      </svg>
      <figcaption className="usage-chart-foot small soft">
        <span>{first ? formatIsoDay(first.day) : ''}</span>
        <span>{most > 0 ? `highest day ${write(most)}` : ''}</span>
        <span>today</span>
      </figcaption>
      <details>
        <summary className="small">The same as a table</summary>
        <div className="usage-days">
          <table className="data">
            <thead>
              <tr>
                <th scope="col">Day</th>
                {Object.values(measures).map((each) => (
                  <th className="num" key={each.word} scope="col">
                    {each.word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((day) => (
                <tr key={day.day}>
                  <th scope="row">{formatIsoDay(day.day)}</th>
                  {Object.values(measures).map((each) => (
                    <td className="num" key={each.word}>
                      {each.write(each.of(day))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
