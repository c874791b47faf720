import { usernameInput } from '@raptscallions/zod-schemas/auth.zod';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { CodeField } from '../../components/CodeField';

/** The name somebody signs in by beside the school code, for whoever may change it. */
export function UsernameForm({
  username,
  save,
}: {
  username: string | null;
  save: (username: string) => Promise<boolean>;
}) {
  const [written, setWritten] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = written ?? username ?? '';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const read = usernameInput.safeParse(shown);
    setError(read.success ? null : (read.error.issues[0]?.message ?? 'This cannot be a user name.'));
    if (!read.success || busy) return;
    setBusy(true);
    if (await save(read.data)) setWritten(null);
    setBusy(false);
  }

  return (
    <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <CodeField
        error={error}
        hint="To sign in without an e-mail address, beside the school code."
        label="User name"
        maxLength={60}
        onChange={setWritten}
        value={shown}
      />
      {shown.trim() !== (username ?? '') && (
        <div className="row">
          <Button aria-busy={busy} small type="submit">
            Save the user name
          </Button>
        </div>
      )}
    </form>
  );
}
