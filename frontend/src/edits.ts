import { assignmentEdits } from './modules/assignments/assignment.edits';
import { chatEdits } from './modules/chat/chat.edits';
import { classEdits } from './modules/classes/class.edits';
import { groupEdits } from './modules/groups/group.edits';
import { noteEdits } from './modules/hooks/note.edits';
import { productEdits } from './modules/products/product.edits';
import { toolEdits } from './modules/tools/tool.edits';
import type { Edit } from './sync/edit';

/** Every write the app can make while offline; the sync engine is handed this list and knows no feature. */
export const edits: Edit[] = [
  ...classEdits,
  ...groupEdits,
  ...toolEdits,
  ...assignmentEdits,
  ...chatEdits,
  ...noteEdits,
  ...productEdits,
];
