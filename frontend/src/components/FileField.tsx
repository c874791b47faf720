import { type ReactNode, useRef, useState } from 'react';
import { Field } from './Field';

/** A box to choose a file in, which is read at once. The file chosen last counts, however long an earlier one took. */
export function FileField<Content>({
  label,
  hint,
  error,
  accept,
  mostKb,
  read,
  onRead,
}: {
  label: string;
  hint?: ReactNode;
  /** what is wrong with the content */
  error?: string | null;
  accept: string;
  /** kilobytes (1,000 bytes); a larger file is not read at all */
  mostKb: number;
  read: (file: File) => Promise<Content>;
  onRead: (content: Content) => void;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const chosen = useRef(0);

  async function choose(file: File | undefined) {
    if (!file) return;
    chosen.current++;
    const mine = chosen.current;
    setProblem(null);
    if (file.size > mostKb * 1_000) {
      setProblem(
        `This file is larger than ${new Intl.NumberFormat().format(mostKb)} kB, the most that is taken.`,
      );
      return;
    }
    try {
      const content = await read(file);
      if (mine === chosen.current) onRead(content);
    } catch {
      if (mine === chosen.current) setProblem('This file could not be read. Choose it once more.');
    }
  }

  return (
    <Field error={problem ?? error ?? null} hint={hint} label={label}>
      {(control) => (
        <input
          {...control}
          accept={accept}
          className="input"
          onChange={({ target }) => void choose(target.files?.[0])}
          // Or the same file, mended meanwhile and chosen again, would be no change.
          onClick={({ currentTarget }) => {
            currentTarget.value = '';
          }}
          type="file"
        />
      )}
    </Field>
  );
}
