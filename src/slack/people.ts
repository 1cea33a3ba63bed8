import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import { createCache } from '../cache.ts';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import { isZone } from '../zone.ts';
import { refusalOf, slackError } from './refusal.ts';

export type People = {
  /**
   * The names of people and channels by their ids. A person's is the display name, else the full name, else the user name,
   * also when the person is deactivated. Asks for the first fifty ids, and again after ten minutes. A name that Slack does not
   * return is left out, and the log says why.
   */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * A person's email address, asked for again after ten minutes. Undefined if Slack does not tell it, as without the scope
   * `users:read.email`. https://docs.slack.dev/reference/scopes/users.read.email
   */
  email(user: string): Promise<string | undefined>;
  /** A person's time zone, such as `Europe/Berlin`. Undefined if Slack does not tell it, as without the scope `users:read`. */
  zone(user: string): Promise<string | undefined>;
  /**
   * Whether Maro is in a channel. Undefined if Slack does not tell it, as without the scope `channels:read` or `groups:read`.
   * https://docs.slack.dev/reference/methods/conversations.info
   */
  isMember(channel: string): Promise<boolean | undefined>;
};

/** The ids of public and private channels. */
const CHANNEL = /^[CG]/;
const MOST_NAMES = 50;
const KEPT_MS = 600_000;

/** The part of the Slack client that knows the names of people and channels. */
export function createPeople(client: WebClient, log: Log): People {
  const cache = createCache(KEPT_MS);
  const channelName = (channel: string) =>
    cache.get(channel, async () => mend(await client.conversations.info({ channel })).channel?.name);
  const read = (user: string) => cache.get(user, async () => mend(await client.users.info({ user })).user);
  return {
    async names(ids) {
      const names = new Map<string, string>();
      const ask = async (id: string) => {
        const name = CHANNEL.test(id) ? await channelName(id) : nameOf(await read(id));
        if (name !== undefined) names.set(id, name);
      };
      const asked = await Promise.allSettled(ids.slice(0, MOST_NAMES).map(ask));
      const refused = asked.find((each) => each.status === 'rejected');
      if (refused !== undefined) log.warn({ error: slackError(refused.reason) }, 'Slack did not tell a name');
      return names;
    },

    async email(user) {
      const found = await read(user).catch(() => undefined);
      return found?.profile?.email || undefined;
    },

    async isMember(channel) {
      try {
        return (await client.conversations.info({ channel })).channel?.is_member;
      } catch (error) {
        // Slack hides private channels from those who are not in them.
        if (refusalOf(error) === 'channel_not_found') return false;
        log.info({ error: slackError(error) }, 'Slack did not tell whether Maro is in a channel');
        return undefined;
      }
    },

    async zone(user) {
      const found = await read(user).catch(() => undefined);
      return found?.tz !== undefined && isZone(found.tz) ? found.tz : undefined;
    },
  };
}

function nameOf({ profile, real_name, name }: NonNullable<UsersInfoResponse['user']> = {}): string | undefined {
  return [profile?.display_name, real_name, profile?.real_name, name].find((each) => each !== undefined && each !== '');
}
