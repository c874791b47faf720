/**
 * Procedures that change something and leave nothing in the audit log, each with its reason. Read a line as the
 * answer to "would nobody ever ask who did this?" before you add it.
 */
export const ownWork: Record<string, string> = {
  setUp: 'The school begins with it, and its first administrator is the only one it could name.',
  'auth.requestReset': 'Anybody may ask, so an entry would only say that somebody knows an address.',
  'auth.redeemLink': 'Whoever does it is not signed in yet; the link that was sent is in the log.',
  'tools.save': 'A draft is its author’s own until it is published, and every save is kept as a version.',
  'chat.start': 'A pupil’s own work, which stands in the chat itself.',
  'chat.send': 'A pupil’s own work, which stands in the chat itself.',
  'chat.retry': 'A pupil’s own work, which stands in the chat itself.',
  'chat.stop': 'A pupil’s own work, which stands in the chat itself.',
  'chat.regenerate': 'A pupil’s own work, which stands in the chat itself.',
  'chat.continue': 'A pupil’s own work, which stands in the chat itself.',
  'chat.hide': 'A pupil’s own work, which stands in the chat itself.',
  'chat.complete': 'Ending a chat takes nothing away, and the chat itself says when it ended.',
  'products.run': 'A pupil’s own work, which stands in the result itself.',
  'products.retry': 'A pupil’s own work, which stands in the result itself.',
  'products.stop': 'A pupil’s own work, which stands in the result itself.',
  'products.hide': 'A pupil’s own work, which stands in the result itself.',
  'sync.push': 'It only carries edits, each of which is recorded by itself.',
  'sync.watch': 'It chooses what a stream carries, of what the person may read anyway.',
};
