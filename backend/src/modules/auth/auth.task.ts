import { onTask } from '../../events/on_task';
import type { Enqueue } from '../../procedures/context';
import { deliverLinkTask, requestResetTask } from './auth.event';
import { deliverLink, type MailTools } from './services/deliver_link.service';
import { requestReset } from './services/request_reset.service';

/** Brings sign-in links to their people. */
export function onDeliverLink(tools: MailTools) {
  return onTask(deliverLinkTask, ({ input }) => deliverLink(tools, input));
}

/** Looks up who has forgotten a password, away from whoever asked. */
export function onRequestReset({ db, enqueue }: Pick<MailTools, 'db'> & { enqueue: Enqueue }) {
  return onTask(requestResetTask, ({ input }) => requestReset(db, enqueue, input));
}
