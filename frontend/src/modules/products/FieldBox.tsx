import { type ReactNode, type Ref, useId } from 'react';
import { Icon } from '../../components/Icon';

/** Several controls under one name, with one hint or error for all of them. */
export function FieldBox({
  label,
  hint,
  error,
  boxRef,
  children,
}: {
  label: string;
  hint: string | undefined;
  error: string | null;
  boxRef?: Ref<HTMLFieldSetElement>;
  children: ReactNode;
}) {
  const noteId = useId();
  return (
    <fieldset aria-describedby={error || hint ? noteId : undefined} className="form-box" ref={boxRef}>
      <legend className="label">{label}</legend>
      <FieldNote error={error} hint={hint} id={noteId} />
      {children}
    </fieldset>
  );
}

/** What is wrong with a field, else what helps to fill it in. */
export function FieldNote({
  error,
  hint,
  id,
}: {
  error: string | null;
  hint: string | undefined;
  id?: string;
}) {
  if (error) {
    return (
      <p className="small tone-alert note" id={id}>
        <Icon name="warn" />
        <span>{error}</span>
      </p>
    );
  }
  return hint ? (
    <p className="hint" id={id}>
      {hint}
    </p>
  ) : null;
}
