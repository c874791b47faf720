import type { CSSProperties } from 'react';

/** One grey bar; `width` and `height` as CSS lengths. */
export function SkeletonBar({ width, height }: { width: string; height?: string }) {
  const style: CSSProperties = { width, height };
  return <div className="sk" style={style} />;
}

const widths = ['42%', '28%', '50%', '36%', '46%'];

/** A list as it will be: circle, two lines, a button. `label` is what a screen reader hears. */
export function SkeletonList({
  label,
  rows = 3,
  card = true,
}: {
  label: string;
  rows?: number;
  card?: boolean;
}) {
  return (
    <div className={card ? 'card' : undefined} aria-busy="true">
      <p className="sr">{label}</p>
      <ul className="list">
        {widths.slice(0, rows).map((width) => (
          <li key={width}>
            <span className="sk sk-round" />
            <div className="grow stack sk-lines">
              <SkeletonBar width={width} />
              <SkeletonBar width={`calc(${width} + 20%)`} height="0.65rem" />
            </div>
            <span className="sk sk-button" />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A table as it will be. */
export function SkeletonTable({ label, rows = 4 }: { label: string; rows?: number }) {
  return (
    <div className="card" aria-busy="true">
      <p className="sr">{label}</p>
      <div className="sk-head" />
      <ul className="list">
        {widths.slice(0, rows).map((width) => (
          <li key={width} className="sk-row">
            <SkeletonBar width={width} />
            <SkeletonBar width="18%" />
            <SkeletonBar width="14%" />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A page as it will be, while its code loads: the heading and a list. */
export function SkeletonPage() {
  return (
    <main className="main" id="main" aria-busy="true">
      <div className="page-head">
        <div className="stack sk-title">
          <SkeletonBar width="16rem" height="1.9rem" />
          <SkeletonBar width="24rem" />
        </div>
      </div>
      <SkeletonList label="Loading" rows={4} />
    </main>
  );
}
