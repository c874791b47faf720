export type CardWords = {
  schoolCode: string | null;
  email: string | null;
  username: string | null;
  password: string;
};

/** What somebody types to sign in, as it stands on the screen and on paper. */
export function SignInCardWords({ schoolCode, email, username, password }: CardWords) {
  return (
    <dl className="sign-in-card">
      {email === null && schoolCode !== null && (
        <>
          <dt>School code</dt>
          <dd>{schoolCode}</dd>
        </>
      )}
      <dt>{email === null ? 'User name' : 'E-mail'}</dt>
      <dd>{email ?? username ?? 'none yet: ask your school’s IT for one'}</dd>
      <dt>Password</dt>
      <dd>
        <code>{password}</code>
      </dd>
    </dl>
  );
}
