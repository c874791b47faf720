import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { Config } from '../../configs/config';

// People come from rosters, invitations and administrators: somebody unknown is never made by signing in.
const existingPeopleOnly = { disableSignUp: true, disableImplicitSignUp: true } as const;

/** The providers better-auth knows itself, each only when its id and secret are set. */
export function knownProviders(config: Config) {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET } = config;
  const google = { clientId: GOOGLE_CLIENT_ID ?? '', clientSecret: GOOGLE_CLIENT_SECRET ?? '' };
  const microsoft = { clientId: MICROSOFT_CLIENT_ID ?? '', clientSecret: MICROSOFT_CLIENT_SECRET ?? '' };
  return {
    ...(google.clientId && google.clientSecret && { google: { ...google, ...existingPeopleOnly } }),
    ...(microsoft.clientId &&
      microsoft.clientSecret && { microsoft: { ...microsoft, ...existingPeopleOnly } }),
  };
}

/** Clever is not among those better-auth knows. Its addresses are written out, so that no start needs the network. */
export function cleverPlugin(config: Config) {
  const { CLEVER_CLIENT_ID: clientId, CLEVER_CLIENT_SECRET: clientSecret } = config;
  if (!clientId || !clientSecret) return [];
  const clever = {
    providerId: 'clever',
    clientId,
    clientSecret,
    authorizationUrl: 'https://clever.com/oauth/authorize',
    tokenUrl: 'https://clever.com/oauth/tokens',
    userInfoUrl: 'https://api.clever.com/userinfo',
    authentication: 'basic' as const,
    scopes: ['openid', 'email', 'profile'],
    ...existingPeopleOnly,
  };
  return [genericOAuth({ config: [clever] })];
}
