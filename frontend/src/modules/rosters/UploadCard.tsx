import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { ProgressLine } from './ProgressLine';
import { mostPackageBytes, uploadPackage } from './upload_package';

/** Sends a file and has it compared; nothing of the school changes by that. */
export function UploadCard({ rosterSourceId }: { rosterSourceId: RosterSource['rosterSourceId'] }) {
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const tooLarge = file && file.size > mostPackageBytes;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!file || tooLarge || sent !== null) return;
    const rosterRunId = newId('rosterrun');
    setRefusal(null);
    setSent(0);
    try {
      await api.rosters.startUpload({ rosterRunId, rosterSourceId, fileName: file.name.slice(-255) });
      const parts = await uploadPackage(rosterRunId, file, setSent);
      await api.rosters.readUpload({ rosterRunId, parts });
    } catch (error) {
      setRefusal(error instanceof Error && !('code' in error) ? error.message : readFailure(error));
      setSent(null);
      return;
    }
    await navigate({ to: '/rosters/$rosterSourceId/$rosterRunId', params: { rosterSourceId, rosterRunId } });
  }

  return (
    <section aria-labelledby="upload">
      <div className="sec-head">
        <h2 id="upload">Upload a package</h2>
      </div>
      <form className="card pad stack" onSubmit={(event) => void submit(event)}>
        <Field
          error={
            refusal ??
            (tooLarge
              ? `The file is larger than ${mostPackageBytes / 1024 ** 3} GB, the most that is taken.`
              : null)
          }
          hint="The zip your school system exports as OneRoster 1.1 or 1.2 CSV. It is compared first; you decide afterwards."
          label="Zip file"
        >
          {(control) => (
            <input
              {...control}
              accept=".zip,application/zip"
              className="input"
              onChange={({ target }) => {
                setRefusal(null);
                setFile(target.files?.[0] ?? null);
              }}
              // Or the same file, exported anew and chosen again, would be no change. What is sent is what the box shows.
              onClick={({ currentTarget }) => {
                currentTarget.value = '';
                setFile(null);
              }}
              type="file"
            />
          )}
        </Field>
        {sent === null ? (
          <div className="row">
            <Button blockedBecause={file ? null : 'Choose a file first.'} look="primary" type="submit">
              Upload and compare
            </Button>
          </div>
        ) : (
          <ProgressLine label="Uploading" of={file?.size ?? 0} value={sent} />
        )}
      </form>
    </section>
  );
}
