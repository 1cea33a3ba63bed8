import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import { createCache } from '../cache.ts';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import { slackError } from './refusal.ts';

export type People = {
  /**
   * People's names by their ids: the display name, else the full name, else the user name. Slack keeps the names of
   * deactivated people. Asks for the first fifty ids, and again after ten minutes; a name that Slack does not return
   * is left out, and the log says why.
   */
  names(users: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * A person's email address, asked for again after ten minutes. Undefined if Slack does not tell it, as without the scope
   * `users:read.email`. https://docs.slack.dev/reference/scopes/users.read.email
   */
  email(user: string): Promise<string | undefined>;
};

const MOST_NAMES = 50;
const KEPT_MS = 600_000;

/** The part of the Slack client that knows people's names. */
export function createPeople(client: WebClient, log: Log): People {
  const cache = createCache(KEPT_MS);
  const read = (user: string) => cache.get(user, async () => mend(await client.users.info({ user })).user);
  return {
    async names(users) {
      const names = new Map<string, string>();
      const ask = async (user: string) => {
        const name = nameOf(await read(user));
        if (name !== undefined) names.set(user, name);
      };
      const asked = await Promise.allSettled(users.slice(0, MOST_NAMES).map(ask));
      // A person whose name is missing is shown by id.
      const refused = asked.find((each) => each.status === 'rejected');
      if (refused !== undefined) log.warn({ error: slackError(refused.reason) }, 'Slack did not name a person');
      return names;
    },

    async email(user) {
      const found = await read(user).catch(() => undefined);
      return found?.profile?.email || undefined;
    },
  };
}

function nameOf({ profile, real_name, name }: NonNullable<UsersInfoResponse['user']> = {}): string | undefined {
  return [profile?.display_name, real_name, profile?.real_name, name].find((each) => each !== undefined && each !== '');
}
