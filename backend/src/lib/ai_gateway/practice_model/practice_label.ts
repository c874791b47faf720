/** The first line of every answer, exactly: nobody may take the rehearsal for the real thing. */
export const PRACTICE_LABEL = '*Practice model: a rehearsal, not a real AI.*';
