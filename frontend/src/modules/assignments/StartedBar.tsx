/** How many of a class have begun a piece of work. */
export function StartedBar({ started, pupils }: { started: number; pupils: number }) {
  const words = `${started} of ${pupils} have started`;
  return (
    <div className="row progress">
      <div className="stalk grow" role="img" aria-label={words}>
        <span style={{ width: `${pupils > 0 ? (started / pupils) * 100 : 0}%` }} />
      </div>
      <span className="small" aria-hidden="true">
        {words}
      </span>
    </div>
  );
}
