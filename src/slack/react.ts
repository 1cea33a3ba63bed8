import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { refusalOf, slackError } from './refusal.ts';

export type Reactions = {
  /**
   * Adds an emoji to a message in Maro's name; nothing if it is there. It needs the scope `reactions:write`. Never throws: a failure is
   * logged, and the message stays without it. https://docs.slack.dev/reference/methods/reactions.add
   */
  react(message: { channel: string; ts: string }, emoji: string): Promise<void>;
  /**
   * Removes Maro's emoji from a message; nothing if it is not there. Otherwise like `react`.
   * https://docs.slack.dev/reference/methods/reactions.remove
   */
  unreact(message: { channel: string; ts: string }, emoji: string): Promise<void>;
};

export function createReactions(client: WebClient, log: Log): Reactions {
  return {
    async react({ channel, ts }, emoji) {
      try {
        await client.reactions.add({ channel, timestamp: ts, name: emoji });
      } catch (error) {
        if (refusalOf(error) === 'already_reacted') return;
        log.warn({ error: slackError(error) }, 'Slack did not take a reaction');
      }
    },
    async unreact({ channel, ts }, emoji) {
      try {
        await client.reactions.remove({ channel, timestamp: ts, name: emoji });
      } catch (error) {
        if (refusalOf(error) === 'no_reaction') return;
        log.warn({ error: slackError(error) }, 'Slack did not remove a reaction');
      }
    },
  };
}
