/** `failed`: credentials were sent and are wrong. `none`: none were sent. */
export type Login = 'accepted' | 'failed' | 'none';

/** The site's own address takes API tokens without scopes; tokens with scopes work at the gateway only. */
export type Door = 'site' | 'gateway';

export type Credentials = { email: string; apiToken: string; scopedToken: string };

/** Basic authentication of an email address, in any case, and an API token ("Basic auth for REST APIs"). */
export function checkLogin(authorization: string | undefined, door: Door, known: Credentials): Login {
  if (authorization === undefined) return 'none';
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return 'failed';
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const tokens = door === 'gateway' ? [known.apiToken, known.scopedToken] : [known.apiToken];
  const emailFits = pair.slice(0, colon).toLowerCase() === known.email.toLowerCase();
  return colon > 0 && emailFits && tokens.includes(pair.slice(colon + 1)) ? 'accepted' : 'failed';
}
