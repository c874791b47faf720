import { demoPassword } from '../db/seeds/demo_people';

/** Signs somebody of the demo school in at a running server. @returns the cookies of the sign-in, for a header */
export async function signInToDemo(url: string, email: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password: demoPassword, deviceContext: 'personal' }),
  });
  if (response.status !== 200) throw new Error(`${email} cannot sign in: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}
