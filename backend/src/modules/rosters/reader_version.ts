/**
 * Which `normalise_row.ts` made a record: the same file, read by another one, may say something else. A test holds it
 * against that file, and says what to write here.
 */
export const readerVersion = 'b54e9205abc30e24';
