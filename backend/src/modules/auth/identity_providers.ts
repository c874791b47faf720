import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { z } from 'zod';
import type { Config } from '../../configs/config';

/** As a button of the sign-in page names it. */
export type IdentityProvider = { id: 'google' | 'microsoft' | 'clever' | 'openid'; name: string };

type Client = { clientId: string; clientSecret: string };
/** Told of an address a provider has verified, before it is looked up whose it is here. */
export type OnProfile = (email: string) => Promise<void>;

/** The providers whose id and secret are set. */
export function configuredProviders(config: Config): (IdentityProvider & Client)[] {
  const all = [
    { id: 'google', name: 'Google', ...clientOf(config.GOOGLE_CLIENT_ID, config.GOOGLE_CLIENT_SECRET) },
    {
      id: 'microsoft',
      name: 'Microsoft',
      ...clientOf(config.MICROSOFT_CLIENT_ID, config.MICROSOFT_CLIENT_SECRET),
    },
    { id: 'clever', name: 'Clever', ...clientOf(config.CLEVER_CLIENT_ID, config.CLEVER_CLIENT_SECRET) },
    {
      id: 'openid',
      name: config.OPENID_NAME,
      ...(config.OPENID_DISCOVERY_URL
        ? clientOf(config.OPENID_CLIENT_ID, config.OPENID_CLIENT_SECRET)
        : noClient),
    },
  ] as const;
  return all.filter(({ clientId, clientSecret }) => clientId && clientSecret);
}

const noClient = { clientId: '', clientSecret: '' };
function clientOf(clientId = '', clientSecret = ''): Client {
  return { clientId, clientSecret };
}

// People come from rosters, invitations and administrators: somebody unknown is never made by signing in.
const existingPeopleOnly = { disableSignUp: true, disableImplicitSignUp: true } as const;

/**
 * What we need of a profile; each provider has more. Only a plain `true` says that an address is verified, or, at
 * Microsoft, where anybody may write any address into their account, the list of those it has verified.
 */
const ProfileZod = z.object({
  email: z.string(),
  email_verified: z.unknown().optional(),
  verified_primary_email: z.array(z.string()).catch([]),
});

function mapProfile(onProfile: OnProfile) {
  return async (profile: object) => {
    const known = ProfileZod.safeParse(profile);
    if (!known.success) return { emailVerified: false };
    const { email, email_verified: verified, verified_primary_email: listed } = known.data;
    const proven = verified === undefined ? listed.includes(email) : verified === true;
    if (proven) await onProfile(email.toLowerCase());
    return { emailVerified: proven };
  };
}

/** The providers better-auth knows itself. */
export function knownProviders(config: Config, onProfile: OnProfile) {
  const settings = { ...existingPeopleOnly, mapProfileToUser: mapProfile(onProfile) };
  const of = (wanted: IdentityProvider['id']) => {
    const found = configuredProviders(config).find(({ id }) => id === wanted);
    return found && { clientId: found.clientId, clientSecret: found.clientSecret, ...settings };
  };
  const [google, microsoft] = [of('google'), of('microsoft')];
  return { ...(google && { google }), ...(microsoft && { microsoft }) };
}

/**
 * Clever, whose addresses are written out, and a provider of the school's own, whose addresses are asked for. Its
 * tokens must be signed by the keys it publishes and carry the nonce of this very sign-in.
 */
export function otherProviders(config: Config, onProfile: OnProfile) {
  const shared = {
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    accountSubject: ({ profile }: { profile: Record<string, unknown> }) => String(profile.sub ?? ''),
    mapProfileToUser: mapProfile(onProfile),
    ...existingPeopleOnly,
  };
  const places = {
    clever: {
      authorizationUrl: 'https://clever.com/oauth/authorize',
      tokenUrl: 'https://clever.com/oauth/tokens',
      userInfoUrl: 'https://api.clever.com/userinfo',
      authentication: 'basic' as const,
    },
    openid: { discoveryUrl: config.OPENID_DISCOVERY_URL, requireIdTokenVerification: true },
  };
  const list = configuredProviders(config).flatMap(({ id, clientId, clientSecret }) =>
    id === 'clever' || id === 'openid'
      ? [{ providerId: id, clientId, clientSecret, ...shared, ...places[id] }]
      : [],
  );
  return list.length > 0 ? [genericOAuth({ config: list })] : [];
}
