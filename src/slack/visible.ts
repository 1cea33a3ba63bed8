import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import type { Homes } from './home.ts';
import { slackError } from './refusal.ts';

/** A person, the person's workspace, and the installation. */
export type Person = { user: string; team: string | undefined; tenant: string };

export type Visible = {
  /**
   * Those of the channels of which the person may know, in the same order: the channels that the person is in, and up to twenty
   * public ones. Slack is asked at this moment, and what it does not confirm is left out. Guests, people of other
   * workspaces, and people in an organization-wide installation get only the channels that they are in.
   * `trouble`: why channels that the person is in may be missing; see `channelsOf`.
   */
  visibleTo(
    person: Person,
    channels: readonly string[],
  ): Promise<{ channels: string[]; trouble: 'no_scope' | 'untold' | undefined }>;
};

/** `conversations.info` allows about 50 calls a minute. https://docs.slack.dev/reference/methods/conversations.info */
const MOST_ASKED = 20;

export function createVisible(client: WebClient, { channelsOf }: Pick<Homes, 'channelsOf'>, log: Log): Visible {
  /** Whether the person sees all public channels. https://docs.slack.dev/reference/objects/user-object */
  async function seesPublic({ user, tenant }: Person): Promise<boolean> {
    const found = mend(await client.users.info({ user })).user;
    const { team_id, deleted, is_restricted, is_ultra_restricted, is_stranger } = found ?? {};
    return team_id === tenant && ![deleted, is_restricted, is_ultra_restricted, is_stranger].includes(true);
  }

  /** https://docs.slack.dev/reference/objects/conversation-object */
  async function isPublic(channel: string): Promise<boolean> {
    const found = mend(await client.conversations.info({ channel })).channel;
    return found?.is_channel === true && found.is_private === false && found.is_archived !== true;
  }

  /** What Slack confirms; false if it does not answer. */
  async function confirmed(asking: Promise<boolean>): Promise<boolean> {
    return asking.catch((error: unknown) => {
      log.info({ error: slackError(error) }, 'Slack did not confirm that a person may know of a channel');
      return false;
    });
  }

  return {
    async visibleTo(person, channels) {
      const listed = await channelsOf(person.user, person.team);
      const trouble = typeof listed === 'string' ? listed : undefined;
      const own = new Set(typeof listed === 'string' ? [] : listed);
      const others = channels.filter((channel) => !own.has(channel)).slice(0, MOST_ASKED);
      if (others.length > 0 && (await confirmed(seesPublic(person)))) {
        const answers = await Promise.all(others.map((channel) => confirmed(isPublic(channel))));
        for (const [index, channel] of others.entries()) if (answers[index]) own.add(channel);
      }
      return { channels: channels.filter((channel) => own.has(channel)), trouble };
    },
  };
}
