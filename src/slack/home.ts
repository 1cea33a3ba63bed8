import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { defined } from '../defined.ts';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import { refusalOf, slackError } from './refusal.ts';

export type { HomeView };

export type Homes = {
  /**
   * Shows the view in a person's Home tab. Never throws: a failure is logged, and the earlier view stays.
   * @returns whether Slack took the view.
   */
  publishHome(user: string, view: HomeView): Promise<boolean>;
  /**
   * The ids of the channels that a person is in: public ones, and private ones of which Maro is a member. At most three thousand.
   * `team` is the person's workspace, which Slack requires in an organization-wide installation.
   * @returns `no_scope` if Maro lacks the scope, `untold` if Slack does not list the channels for another reason, which is logged.
   */
  channelsOf(user: string, team: string | undefined): Promise<readonly string[] | 'no_scope' | 'untold'>;
};

/** Slack's maximum is 1,000, exclusive. https://docs.slack.dev/reference/methods/users.conversations */
const PAGE = 999;
const MOST_PAGES = 3;

export function createHomes(client: WebClient, log: Log): Homes {
  async function list(user: string, team: string | undefined, types: string): Promise<readonly string[]> {
    const channels: string[] = [];
    let cursor: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const call = { user, types, exclude_archived: true, limit: PAGE, ...defined({ team_id: team, cursor }) };
      const answer = mend(await client.users.conversations(call));
      for (const { id } of answer.channels ?? []) if (id !== undefined) channels.push(id);
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) break;
    }
    return channels;
  }

  return {
    async publishHome(user, view) {
      try {
        await client.views.publish({ user_id: user, view });
        return true;
      } catch (error) {
        log.warn({ error: slackError(error) }, 'Slack did not publish a Home tab');
        return false;
      }
    },
    async channelsOf(user, team) {
      // An installation may have the scope for public channels alone.
      for (const types of ['public_channel,private_channel', 'public_channel']) {
        try {
          return await list(user, team, types);
        } catch (error) {
          const refusal = refusalOf(error);
          log.info({ error: slackError(error) }, 'Slack did not list the channels of a person');
          if (refusal !== 'missing_scope') return 'untold';
        }
      }
      return 'no_scope';
    },
  };
}
