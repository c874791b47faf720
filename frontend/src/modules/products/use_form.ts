import { checkValue, type JsonSchema, type ValueFlaw } from '@raptscallions/tool-yaml/check_value';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { ProductRunInputZod } from '@raptscallions/zod-schemas/product.zod';
import { useMemo, useState } from 'react';
import type { LocalDb } from '../../local_db/local_db';
import { useDraft } from '../chat/use_draft';
import { initialValue, readValue } from './form_field';

const InputZod = ProductRunInputZod.shape.input;

/**
 * A form that is being filled in: kept on this device as a draft, and held against its schema once somebody has
 * tried to send it.
 */
export function useForm(db: LocalDb, key: string, schema: JsonSchema) {
  const draft = useDraft(db, key);
  const [tried, setTried] = useState(false);
  const value = useMemo(() => readDraft(draft.text) ?? initialValue(schema), [draft.text, schema]);
  const read = useMemo(() => readValue(schema, value), [schema, value]);
  const flaws = useMemo((): ValueFlaw[] => {
    const found = checkValue(schema, read);
    if (found.length > 0) return found;
    const parsed = InputZod.safeParse(read);
    return parsed.success
      ? []
      : [{ path: [], message: parsed.error.issues[0]?.message ?? 'This is too much.' }];
  }, [schema, read]);

  /** What is to be sent, or null when something is wrong with it. */
  const submit = (): JsonGroup | null => {
    setTried(true);
    const parsed = InputZod.safeParse(read);
    return flaws.length === 0 && parsed.success ? parsed.data : null;
  };
  return {
    value,
    flaws: tried ? flaws : noFlaws,
    change: (next: unknown) => draft.setText(JSON.stringify(next)),
    submit,
    clear: async () => {
      setTried(false);
      await draft.clearSent(draft.text);
    },
    failed: draft.failed,
  };
}

const noFlaws: ValueFlaw[] = [];

function readDraft(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the draft of a form stands; a result puts its input there to be changed. */
export const formDraftKey = (topicId: string) => `form:${topicId}`;
