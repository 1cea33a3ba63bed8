import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { defined } from '../defined.ts';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import type { Message } from './message.ts';
import { permalink } from './permalink.ts';
import { createQueues } from './queue.ts';
import { isRateLimit, refusalOf, slackError, waitMs } from './refusal.ts';
import { doubtfulMessage, refusedMessage, slowDown, unseenMessage } from './trouble.ts';

/**
 * The channel or thread that a message goes to. If `channel` is a
 * person's id, the message goes to the direct messages with that person.
 */
export type Place = { channel: string; threadTs?: string | undefined };

/** A message in a channel. For a direct message, `channel` is the conversation, not the person. */
export type Posted = { channel: string; ts: string; link: string };

export type Posts = {
  /**
   * Posts a message. With `operation`, Maro looks for the message by its `id` if Slack's answer is lost, and never sends it
   * again. Without `operation`, a lost answer is an error.
   * Messages for one channel are sent one after another, and a rate limit for one channel does not delay other channels.
   * `begin` is called before each attempt, and may throw to prevent it.
   * @throws {SlackTrouble} if Slack does not take the message, or Maro cannot tell whether Slack took it.
   */
  postMessage(place: Place, message: Message, operation?: { id: string; begin(): void }): Promise<Posted>;
  /**
   * Finds the message that was posted with `id` in the last `sinceMs` milliseconds; undefined if there is none.
   * @throws {SlackTrouble} if Slack does not show the channel's messages, or there are too many to search.
   */
  findPosted(place: Place, id: string, sinceMs: number): Promise<Posted | undefined>;
  /**
   * Shows a message in a channel to one person, until that person reloads Slack. It may be shown twice if Slack's answer is lost.
   * @throws {SlackTrouble} if Slack does not take the message, for example because Maro is not in the channel.
   */
  postEphemeral(place: Place, user: string, message: Message): Promise<void>;
  /** Replaces a message. Never throws: a failure is logged, and the old message stays. */
  replaceMessage(place: Place, ts: string, message: Message): Promise<void>;
};

/**
 * The metadata event type of Maro's messages, by which Maro finds them again.
 * https://docs.slack.dev/messaging/message-metadata
 */
const EVENT_TYPE = 'maro_posted';
/** The longest time that posting waits for a rate limit. After that it fails and tells people to try again later. */
const PATIENCE_MS = 10_000;
/** The waits before each search for a message whose answer was lost. */
const LOOKS_AFTER_MS = [500, 2_000];
/** The largest difference that is assumed between Slack's clock and ours. */
const SKEW_MS = 60_000;
const PAGE = 200;
const MOST_PAGES = 10;

export function createPosts(client: WebClient, workspaceUrl: () => string, log: Log): Posts {
  const channels = createQueues();
  const posted = ({ channel, threadTs }: Place, ts: string): Posted => ({
    channel,
    ts,
    link: permalink(workspaceUrl(), channel, ts, threadTs),
  });

  async function post(place: Place, message: Message, operation: { id: string; begin(): void } | undefined) {
    const call = {
      channel: place.channel,
      ...defined({ thread_ts: place.threadTs }),
      ...message,
      ...(operation && { metadata: { event_type: EVENT_TYPE, event_payload: { id: operation.id } } }),
      unfurl_links: false,
      unfurl_media: false,
    };
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      operation?.begin();
      const sentAt = performance.now();
      try {
        const { ts = '', channel = place.channel } = mend(await client.chat.postMessage(call));
        return posted({ ...place, channel }, ts);
      } catch (error) {
        const refusal = refusalOf(error);
        log.warn({ error: slackError(error) }, 'Slack did not take a message');
        if (refusal !== undefined) throw refusedMessage(refusal, error);
        // Only a message that Slack rejected for its rate limit, without processing it, may be sent again.
        if (!isRateLimit(error)) return await look(place, operation?.id, sentAt, error);
        const pauseMs = waitMs(error, 1);
        if (performance.now() + pauseMs > until) throw slowDown(pauseMs / 1000, error);
        await sleep(pauseMs);
      }
    }
  }

  /** Looks for a message whose answer was lost. A message that is not found may still arrive, so its state stays in doubt. */
  async function look(place: Place, id: string | undefined, sentAt: number, cause: unknown): Promise<Posted> {
    if (id === undefined) throw doubtfulMessage(cause);
    for (const afterMs of LOOKS_AFTER_MS) {
      await sleep(afterMs);
      const found = await find(place, id, performance.now() - sentAt).catch((error: unknown) => {
        log.warn({ error: slackError(error) }, 'Slack did not show a channel');
        return undefined;
      });
      if (found !== undefined) return found;
    }
    throw doubtfulMessage(cause);
  }

  async function find(place: Place, id: string, sinceMs: number): Promise<Posted | undefined> {
    const { channel, threadTs } = place;
    const oldest = ((Date.now() - sinceMs - SKEW_MS) / 1000).toFixed(6);
    const call = { channel, oldest, limit: PAGE, include_all_metadata: true };
    let cursor: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const next = cursor === undefined ? call : { ...call, cursor };
      const answer = mend(
        threadTs === undefined
          ? await client.conversations.history(next)
          : await client.conversations.replies({ ...next, ts: threadTs }),
      );
      const message = answer.messages?.find(({ metadata }) => isNamed(metadata, id));
      if (message?.ts !== undefined) return posted(place, message.ts);
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) return undefined;
    }
    throw new Error('too many messages to look through');
  }

  return {
    postMessage: (place, message, operation) => channels.inTurn(place.channel, () => post(place, message, operation)),
    async postEphemeral({ channel, threadTs }, user, message) {
      try {
        await client.chat.postEphemeral({ channel, user, ...defined({ thread_ts: threadTs }), ...message });
      } catch (error) {
        const refusal = refusalOf(error);
        log.warn({ error: slackError(error) }, 'Slack did not take a message');
        throw refusal === undefined ? doubtfulMessage(error) : refusedMessage(refusal, error);
      }
    },
    async findPosted(place, id, sinceMs) {
      try {
        return await find(place, id, sinceMs);
      } catch (error) {
        log.warn({ error: slackError(error) }, 'Slack did not show a channel');
        throw unseenMessage(error);
      }
    },
    async replaceMessage({ channel }, ts, message) {
      try {
        await client.chat.update({ channel, ts, ...message });
      } catch (error) {
        log.warn({ error: slackError(error) }, 'Slack did not change a message');
      }
    },
  };
}

function isNamed(metadata: unknown, id: string): boolean {
  const { event_type, event_payload } = (metadata ?? {}) as { event_type?: unknown; event_payload?: { id?: unknown } };
  return event_type === EVENT_TYPE && event_payload?.id === id;
}
