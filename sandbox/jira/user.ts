import type { Person } from './seed.ts';

/** REST API v3, UserDetails. */
export function jiraUser(person: Person, rest: string) {
  return {
    self: `${rest}/user?accountId=${encodeURIComponent(person.accountId)}`,
    accountId: person.accountId,
    accountType: 'atlassian',
    active: true,
    displayName: person.displayName,
    ...(person.emailAddress !== undefined && !person.hidesEmail && { emailAddress: person.emailAddress }),
    timeZone: 'Europe/Berlin',
  };
}
