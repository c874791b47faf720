/** Small bars, the newest last and in full green; `label` says the numbers. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values);
  return (
    <svg className="spark" viewBox={`0 0 ${values.length * 14} 20`} role="img" aria-label={label}>
      {values.map((value, at) => {
        const height = Math.max(2, Math.round((value / most) * 19));
        const key = `${at}-${values.length}`;
        return (
          <rect
            key={key}
            x={at * 14}
            y={20 - height}
            width="9"
            height={height}
            rx="2"
            className={at === values.length - 1 ? 'now' : undefined}
          />
        );
      })}
    </svg>
  );
}
