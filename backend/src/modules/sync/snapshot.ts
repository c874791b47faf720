/** PostgreSQL's own text of a snapshot: `xmin:xmax:xip,xip,…`, which transactions it sees as done. */
export type Snapshot = string;

const lastXid = 2n ** 63n;

/** Whether PostgreSQL would take it for a snapshot; any other text makes the statement fail that is given it. */
export function isSnapshot(text: string): boolean {
  const match = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19})?$/.exec(text);
  if (!match) return false;
  const [xmin, xmax] = [BigInt(match[1] ?? 0), BigInt(match[2] ?? 0)];
  const running = (match[3]?.split(',') ?? []).map(BigInt);
  return (
    xmin > 0n &&
    xmin <= xmax &&
    xmax < lastXid &&
    running.every((xid, at) => xid >= (running[at - 1] ?? xmin) && xid < xmax)
  );
}

type Parsed = { xmax: bigint; running: Set<bigint> };

function parse(snapshot: Snapshot): Parsed {
  const [, xmax = '0', running = ''] = snapshot.split(':');
  return {
    xmax: BigInt(xmax),
    running: new Set(running.split(',').filter(Boolean).map(BigInt)),
  };
}

/**
 * Whether everything `later` needs is seen by `earlier` already, that is whether `later` shows nothing new.
 * Snapshots of one server are taken one after the other, so of two one always covers the other.
 */
export function covers(earlier: Snapshot, later: Snapshot): boolean {
  if (earlier === later) return true;
  const a = parse(earlier);
  const b = parse(later);
  if (b.xmax > a.xmax) {
    // Something between the two limits is done for `later`, unless all of it is still running there.
    for (let xid = a.xmax; xid < b.xmax; xid++) if (!b.running.has(xid)) return false;
  }
  for (const xid of a.running) if (xid < b.xmax && !b.running.has(xid)) return false;
  return true;
}
