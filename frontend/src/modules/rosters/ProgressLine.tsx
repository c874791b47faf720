import type { CSSProperties } from 'react';

/** How much of something is done, as a stalk and as a number. */
export function ProgressLine({ label, value, of }: { label: string; value: number; of: number }) {
  const percent = of === 0 ? 0 : Math.round((value / of) * 100);
  const style: CSSProperties = { width: `${percent}%` };
  return (
    <div className="stack progress-line">
      <p className="small soft">
        {label}, {percent} %
      </p>
      <div
        aria-label={label}
        aria-valuemax={100}
        aria-valuemin={0}
        aria-valuenow={percent}
        className="stalk"
        role="progressbar"
      >
        <span style={style} />
      </div>
    </div>
  );
}
