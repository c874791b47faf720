import { Field } from '../../components/Field';
import { TextField } from '../../components/TextField';
import { DueField } from './DueField';

/** What pupils read about a piece of work, as it stands in the boxes. `dueAt`: epoch ms, null for no date. */
export type AssignmentText = { title: string; instructions: string; dueAt: number | null };

/** The boxes for what pupils read, the same when it is given and when it is changed. */
export function AssignmentFields({
  value,
  onChange,
}: {
  value: AssignmentText;
  onChange: (value: AssignmentText) => void;
}) {
  return (
    <>
      <TextField
        label="Title"
        hint="What the pupils see in their list."
        maxLength={200}
        value={value.title}
        onChange={(text) => onChange({ ...value, title: text })}
      />
      <Field label="Instructions" hint="Optional. The pupils read them, and the tool is told them.">
        {(control) => (
          <textarea
            {...control}
            className="input"
            rows={4}
            maxLength={5_000}
            value={value.instructions}
            onChange={(event) => onChange({ ...value, instructions: event.target.value })}
          />
        )}
      </Field>
      <DueField value={value.dueAt} onChange={(dueAt) => onChange({ ...value, dueAt })} />
    </>
  );
}

/** The boxes as an assignment has them; null while something that must be there is missing. */
export function readAssignmentText({ title, instructions, dueAt }: AssignmentText) {
  const given = title.trim();
  return given ? { title: given, instructions: instructions.trim() || null, dueAt } : null;
}
