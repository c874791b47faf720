import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';

/** Where the table's own name would say too little to a person. */
const words: Partial<Record<SyncTableName, string>> = {
  users: 'People',
  userContacts: 'E-mail addresses',
  groupMembers: 'Who belongs to a group',
  classMembers: 'Who is in a class',
  toolSources: 'Texts of tools',
  chatSessions: 'Chats',
  runs: 'Answers asked for',
  syncClients: 'This browser, as the server knows it',
  syncRefusals: 'Refusals',
};

/** A table as a person calls it; one that has no words of its own is its name, taken apart. */
export function tableInWords(table: SyncTableName): string {
  const known = words[table];
  if (known) return known;
  const parts = table.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}
