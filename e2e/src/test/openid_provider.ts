import { once } from 'node:events';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { freePort } from '../installation';

export type Account = { email: string; verified: boolean };

/**
 * An OpenID Connect provider over its real protocol: discovery, PKCE, signed tokens, its own sign-in and consent
 * pages. Whoever types a login is that account.
 */
export async function startOpenIdProvider(redirectUri: string, accounts: Record<string, Account>) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'raptscallions',
        client_secret: 'a secret of this test only',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // Many real providers put the address into the token; this one's default is to be asked for it.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['a key of this test only'] },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        name: id,
        email: accounts[id]?.email,
        email_verified: accounts[id]?.verified ?? false,
      }),
    }),
  });
  const server = createServer(provider.callback());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: {
      OPENID_DISCOVERY_URL: `${url}/.well-known/openid-configuration`,
      OPENID_CLIENT_ID: 'raptscallions',
      OPENID_CLIENT_SECRET: 'a secret of this test only',
      OPENID_NAME: 'Alder Row ID',
    },
    url,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
