/** What one message may hold, in UTF-16 units; the server has the same limit. */
export const maxTextLength = 8_000;
