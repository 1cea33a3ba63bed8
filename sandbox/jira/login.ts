import type { Scope } from './scope.ts';

/**
 * `failed`: credentials were sent and are wrong. `none`: none were sent. `out_of_scope`: the token's scopes do not cover the
 * request.
 */
export type Login = 'accepted' | 'failed' | 'none' | 'out_of_scope';

/** The site's own address takes API tokens without scopes; tokens with scopes work at the gateway only. */
export type Door = 'site' | 'gateway';

export type Credentials = {
  email: string;
  apiToken: string;
  scopedToken: string;
  /** What `scopedToken` may do; at first everything that Maro needs. */
  scopes: Set<Scope>;
};

/**
 * Basic authentication of an email address, in any case, and an API token ("Basic auth for REST APIs"). `scope` is what a
 * token with scopes needs for the request.
 */
export function checkLogin(
  authorization: string | undefined,
  door: Door,
  scope: Scope | undefined,
  known: Credentials,
): Login {
  if (authorization === undefined) return 'none';
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return 'failed';
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const tokens = door === 'gateway' ? [known.apiToken, known.scopedToken] : [known.apiToken];
  const emailFits = pair.slice(0, colon).toLowerCase() === known.email.toLowerCase();
  const token = pair.slice(colon + 1);
  if (colon <= 0 || !emailFits || !tokens.includes(token)) return 'failed';
  const isCovered = token !== known.scopedToken || scope === undefined || known.scopes.has(scope);
  return isCovered ? 'accepted' : 'out_of_scope';
}
