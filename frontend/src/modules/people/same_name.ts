/**
 * Whether two texts are the same name to whoever reads them: letters made of a base and a mark are those of one piece,
 * and blanks look alike however many there are. Rosters bring both.
 */
export function sameName(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ');
}
