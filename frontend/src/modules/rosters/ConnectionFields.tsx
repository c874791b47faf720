import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import { Field } from '../../components/Field';
import { TextField } from '../../components/TextField';

export type ConnectionDraft = Omit<RosterConnection, 'tokenUrl'> & { tokenUrl: string; secret: string };

export const emptyConnection: ConnectionDraft = {
  version: '1.2',
  auth: 'oauth2',
  baseUrl: '',
  tokenUrl: '',
  clientId: '',
  secret: '',
};

/** What the server wants of a draft; an empty secret leaves the stored one. */
export function connectionOf({ secret, tokenUrl, ...rest }: ConnectionDraft) {
  const connection: RosterConnection = { ...rest, tokenUrl: tokenUrl.trim() || null };
  return { connection, ...(secret === '' ? {} : { secret }) };
}

/** Where a school system is asked, and as whom. */
export function ConnectionFields({
  draft,
  onChange,
  hasSecret,
}: {
  draft: ConnectionDraft;
  onChange: (draft: ConnectionDraft) => void;
  hasSecret: boolean;
}) {
  return (
    <>
      <Field label="OneRoster version and sign-in">
        {(control) => (
          <select
            {...control}
            className="input"
            onChange={({ target }) => onChange({ ...draft, ...kindOf(target.value) })}
            value={`${draft.version} ${draft.auth}`}
          >
            <option value="1.2 oauth2">1.2, OAuth 2</option>
            <option value="1.1 oauth2">1.1, OAuth 2</option>
            <option value="1.1 oauth1">1.1, OAuth 1.0a</option>
          </select>
        )}
      </Field>
      <TextField
        hint="Up to and without /ims/oneroster."
        label="Address"
        inputMode="url"
        maxLength={500}
        onChange={(text) => onChange({ ...draft, baseUrl: text })}
        placeholder="https://sis.example.org"
        value={draft.baseUrl}
      />
      {draft.auth === 'oauth2' && (
        <TextField
          hint="Left empty: /oauth/token at the address above."
          label="Token address"
          inputMode="url"
          maxLength={500}
          onChange={(text) => onChange({ ...draft, tokenUrl: text })}
          value={draft.tokenUrl}
        />
      )}
      <TextField
        label="Client id or consumer key"
        autoComplete="off"
        maxLength={255}
        onChange={(text) => onChange({ ...draft, clientId: text })}
        value={draft.clientId}
      />
      <TextField
        hint={
          hasSecret
            ? 'One is stored, encrypted. It is never shown; a new address needs it anew.'
            : 'Stored encrypted, and never shown again.'
        }
        label="Secret"
        autoComplete="new-password"
        maxLength={1000}
        onChange={(text) => onChange({ ...draft, secret: text })}
        type="password"
        value={draft.secret}
      />
    </>
  );
}

function kindOf(value: string): Pick<ConnectionDraft, 'version' | 'auth'> {
  if (value === '1.1 oauth1') return { version: '1.1', auth: 'oauth1' };
  return value === '1.1 oauth2' ? { version: '1.1', auth: 'oauth2' } : { version: '1.2', auth: 'oauth2' };
}
