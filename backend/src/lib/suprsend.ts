import { Suprsend, WorkflowTriggerRequest } from '@suprsend/node-sdk';
import { z } from 'zod';
import type { Config } from '../configs/config';

export type Delivery = {
  workflow: string;
  recipient: { id: string; email: string | null };
  data: Record<string, string>;
  /** told twice with the same key, the service delivers once */
  idempotencyKey: string;
};

/** `lasting`: the service refused, and would refuse it again. */
export type DeliveryResult = { ok: true } | { ok: false; lasting: boolean; reason: string };

export type Notifier = (delivery: Delivery) => Promise<DeliveryResult>;

const AnswerZod = z.object({ success: z.boolean(), status_code: z.number(), message: z.unknown() });

/** Delivers by SuprSend; null where no key is set, and then nothing leaves this installation. */
export function createNotifier({
  SUPRSEND_API_KEY,
  SUPRSEND_URL,
}: Pick<Config, 'SUPRSEND_API_KEY' | 'SUPRSEND_URL'>): Notifier | null {
  if (!SUPRSEND_API_KEY) return null;
  const [key = '', secret = ''] = SUPRSEND_API_KEY.split(':');
  const client = new Suprsend(key, secret, SUPRSEND_URL ? { base_url: SUPRSEND_URL } : {});
  return async ({ workflow, recipient, data, idempotencyKey }) => {
    const { id, email } = recipient;
    const body = {
      workflow,
      recipients: [{ distinct_id: id, ...(email ? { $email: [email] } : {}) }],
      data,
    };
    const answer = AnswerZod.parse(
      await client.workflows.trigger(new WorkflowTriggerRequest(body, { idempotency_key: idempotencyKey })),
    );
    if (answer.success) return { ok: true };
    const { status_code: status, message } = answer;
    const lasting = status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
    return { ok: false, lasting, reason: `${status} ${String(message)}`.slice(0, 500) };
  };
}
