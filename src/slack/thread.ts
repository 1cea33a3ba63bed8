import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { defined } from '../defined.ts';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import { within } from '../within.ts';
import { isRateLimit, refusalOf, slackError, waitMs } from './refusal.ts';
import { pausedThread, unreadThread } from './trouble.ts';

/** A message in a thread, with the fields as Slack returns them. */
export type ThreadMessage = {
  ts: string;
  user?: string;
  subtype?: string;
  /** The name under which an app posted it. */
  username?: string;
  bot_profile?: { name?: string };
  reply_count?: number;
  text?: string;
  blocks?: unknown;
  attachments?: unknown;
  files?: unknown;
};

/** A thread, its parent first. `missing` is the number of messages that Slack did not show; 0 if the thread is whole. */
export type Thread = { messages: readonly ThreadMessage[]; missing: number };

export type Threads = {
  /**
   * Reads a thread, page by page, for at most `ms` milliseconds. Waits for a rate limit that ends in that time.
   * @throws {SlackTrouble} if Slack does not let Maro read the thread, asks it to wait for longer, or does not answer.
   */
  thread(channel: string, ts: string, ms: number): Promise<Thread>;
};

/** Slack recommends no more, and gives some apps 15. https://docs.slack.dev/reference/methods/conversations.replies */
const PAGE = 200;

/** The part of the Slack client that reads threads. */
export function createThreads(client: WebClient, log: Log): Threads {
  return {
    async thread(channel, ts, ms) {
      const until = Date.now() + ms;
      // Every page may begin with the parent.
      const messages = new Map<string, ThreadMessage>();
      let cursor: string | undefined;
      for (let isWhole = false; !isWhole; ) {
        try {
          const asked = client.conversations.replies({ channel, ts, limit: PAGE, ...defined({ cursor }) });
          const page = await within(until - Date.now(), asked);
          if (page === undefined) throw unreadThread(undefined, undefined);
          for (const message of (mend(page).messages ?? []) as ThreadMessage[]) messages.set(message.ts, message);
          cursor = page.response_metadata?.next_cursor;
          isWhole = !cursor;
        } catch (error) {
          if (isRateLimit(error) && Date.now() + waitMs(error, 1) < until) {
            await sleep(waitMs(error, 1));
            continue;
          }
          const refusal = refusalOf(error);
          log.warn({ error: slackError(error), read: messages.size }, 'Slack did not show all of a thread');
          if (messages.size > 0) break;
          throw isRateLimit(error) ? pausedThread(waitMs(error, 1), error) : unreadThread(refusal, error);
        }
      }
      return { messages: [...messages.values()], missing: cursor ? missing(messages) : 0 };
    },
  };
}

/** The number of messages that are not read, of which there is at least one. */
function missing(messages: ReadonlyMap<string, ThreadMessage>): number {
  const [parent] = messages.values();
  return Math.max(1, (parent?.reply_count ?? 0) + 1 - messages.size);
}
