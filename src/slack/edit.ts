import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { mend } from '../mend.ts';
import type { Message } from './message.ts';
import type { Place } from './post.ts';
import { isRateLimit, refusalOf, slackError, waitMs } from './refusal.ts';

/**
 * What Slack says to a call: it is done, refused with an error code, or to be made again after so many
 * milliseconds; or Slack did not answer, and it may have been done.
 */
export type Reply<T = unknown> =
  | { state: 'done'; value: T }
  | { state: 'refused'; code: string }
  | { state: 'wait'; ms: number }
  | { state: 'unanswered' };

/** Calls about a message that stands in a channel for long. They never throw; what Slack does not do is logged. */
export type Edits = {
  /**
   * Reads one of Maro's messages as it is now. Undefined if the message is gone.
   * https://docs.slack.dev/messaging/retrieving-messages/#individual_messages
   */
  readMessage(place: Place, ts: string): Promise<Reply<Message | undefined>>;
  /** Replaces a message. Editing it twice does no harm. */
  editMessage(channel: string, ts: string, message: Message): Promise<Reply>;
  /** Deletes a message of Maro's, and with it its pin. A message that is gone counts as deleted. */
  deleteMessage(channel: string, ts: string): Promise<Reply>;
  /** Pins a message. One that is pinned stays so. */
  pinMessage(channel: string, ts: string): Promise<Reply>;
  /** Adds a bookmark with a link to a channel. @returns its id. */
  addBookmark(channel: string, bookmark: Bookmark): Promise<Reply<string>>;
  /** Changes the link of a bookmark. */
  editBookmark(channel: string, id: string, bookmark: Bookmark): Promise<Reply>;
  /** Removes a bookmark. One that is gone counts as removed. */
  removeBookmark(channel: string, id: string): Promise<Reply>;
};

export type Bookmark = { title: string; link: string };

/** The part of the Slack client that edits, deletes, pins, and bookmarks messages. */
export function createEdits(client: WebClient, log: Log): Edits {
  async function ask<T>(
    what: string,
    call: () => Promise<T>,
    done: readonly string[] = [],
  ): Promise<Reply<T | undefined>> {
    try {
      return { state: 'done', value: await call() };
    } catch (error) {
      const code = refusalOf(error);
      if (code !== undefined && done.includes(code)) return { state: 'done', value: undefined };
      log.warn({ error: slackError(error) }, what);
      if (code !== undefined) return { state: 'refused', code };
      return isRateLimit(error) ? { state: 'wait', ms: waitMs(error, 1) } : { state: 'unanswered' };
    }
  }

  return {
    readMessage: ({ channel, threadTs }, ts) =>
      ask('Slack did not show a message', async () => {
        // Slack always returns the thread's first message, too.
        const call = { channel, ts: threadTs ?? ts, oldest: ts, inclusive: true, limit: 2 };
        const { messages = [] } = mend(await client.conversations.replies(call));
        const found = messages.find((message) => message.ts === ts);
        return found && { text: found.text ?? '', blocks: (found.blocks ?? []) as KnownBlock[] };
      }, ['thread_not_found']),
    editMessage: (channel, ts, message) =>
      ask('Slack did not change a message', () => client.chat.update({ channel, ts, ...message })),
    deleteMessage: (channel, ts) =>
      ask('Slack did not delete a message', () => client.chat.delete({ channel, ts }), ['message_not_found']),
    pinMessage: (channel, timestamp) =>
      ask('Slack did not pin a message', () => client.pins.add({ channel, timestamp }), ['already_pinned']),
    async addBookmark(channel_id, { title, link }) {
      const add = async () => mend(await client.bookmarks.add({ channel_id, title, link, type: 'link' })).bookmark?.id;
      const reply = await ask('Slack did not add a bookmark', add);
      return reply.state === 'done' ? { state: 'done', value: reply.value ?? '' } : reply;
    },
    editBookmark: (channel_id, bookmark_id, { title, link }) =>
      ask('Slack did not change a bookmark', () => client.bookmarks.edit({ channel_id, bookmark_id, title, link })),
    removeBookmark: (channel_id, bookmark_id) =>
      ask('Slack did not remove a bookmark', () => client.bookmarks.remove({ channel_id, bookmark_id }), ['not_found']),
  };
}
