import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import { Field } from '../../components/Field';

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
      <Field hint="Up to and without /ims/oneroster." label="Address">
        {(control) => (
          <input
            {...control}
            className="input"
            inputMode="url"
            maxLength={500}
            onChange={({ target }) => onChange({ ...draft, baseUrl: target.value })}
            placeholder="https://sis.example.org"
            value={draft.baseUrl}
          />
        )}
      </Field>
      {draft.auth === 'oauth2' && (
        <Field hint="Left empty: /oauth/token at the address above." label="Token address">
          {(control) => (
            <input
              {...control}
              className="input"
              inputMode="url"
              maxLength={500}
              onChange={({ target }) => onChange({ ...draft, tokenUrl: target.value })}
              value={draft.tokenUrl}
            />
          )}
        </Field>
      )}
      <Field label="Client id or consumer key">
        {(control) => (
          <input
            {...control}
            autoComplete="off"
            className="input"
            maxLength={255}
            onChange={({ target }) => onChange({ ...draft, clientId: target.value })}
            value={draft.clientId}
          />
        )}
      </Field>
      <Field
        hint={
          hasSecret
            ? 'One is stored, encrypted. It is never shown; a new address needs it anew.'
            : 'Stored encrypted, and never shown again.'
        }
        label="Secret"
      >
        {(control) => (
          <input
            {...control}
            autoComplete="new-password"
            className="input"
            maxLength={1000}
            onChange={({ target }) => onChange({ ...draft, secret: target.value })}
            type="password"
            value={draft.secret}
          />
        )}
      </Field>
    </>
  );
}

function kindOf(value: string): Pick<ConnectionDraft, 'version' | 'auth'> {
  if (value === '1.1 oauth1') return { version: '1.1', auth: 'oauth1' };
  return value === '1.1 oauth2' ? { version: '1.1', auth: 'oauth2' } : { version: '1.2', auth: 'oauth2' };
}
