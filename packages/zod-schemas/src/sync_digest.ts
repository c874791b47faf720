/**
 * What a table holds, in sixteen letters: rows with their revision and every column, in any order. Server and
 * browser feed it the same rows as the server has them, so that equal digests mean equal contents; it finds mistakes
 * and damage, and is no protection against anybody who means harm.
 */
export class TableDigest {
  #rows = 0;
  #low = 0;
  #high = 0;

  add(rev: number, body: readonly unknown[]): void {
    const text = JSON.stringify([rev, body]);
    let low = 0x811c9dc5;
    let high = 0x5bd1e995;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b);
    }
    this.#rows += 1;
    // Added up, since the two sides read rows in different orders; mixed before, so that sums do not cancel.
    this.#low = (this.#low + mix(low ^ text.length)) >>> 0;
    this.#high = (this.#high + mix(high)) >>> 0;
  }

  get value(): { rows: number; hash: string } {
    return { rows: this.#rows, hash: hex(this.#high) + hex(this.#low) };
  }
}

/** Every bit of the input moves about half of the output's. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
