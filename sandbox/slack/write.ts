import { type Who, whoAndWhere } from './act.ts';
import type { Block } from './blocks.ts';
import type { Json } from './log.ts';
import { requireMessageBox, subscribes } from './manifest.ts';
import type { Message } from './messages.ts';
import { escapedMrkdwn } from './mrkdwn.ts';
import { eventPayload } from './payloads.ts';
import { bot, type Channel, type User } from './workspace.ts';
import type { World } from './world.ts';

/** A person writes a message. The app hears of it if it may: in its direct messages, and where it is mentioned. */
export function write(world: World, text: string, who: Who & { thread_ts?: string } = {}): Message {
  const { user, channel } = whoAndWhere(world, who);
  if (channel.type === 'im') requireMessageBox(world.manifest);
  const thread = who.thread_ts ? { thread_ts: who.thread_ts } : {};
  const draft = { text: asTyped(text), blocks: [], user: user.id, channel: channel.id, ...thread };
  const message = world.messages.post(draft);
  const event = eventOf(world, message, channel);
  if (event !== undefined) announce(world, user, channel, event);
  return message;
}

/** A message that another app posts, with the fields as Slack delivers them: attachments, files, and blocks of any kind. */
export type Arrival = Json & { text?: string; blocks?: Block[]; bot_id?: string; user?: string; thread_ts?: string };

/**
 * Another app posts a message, which is `bot_message` if the app has no user of its own. Nobody checks it: what such
 * apps post is not for this app to get right. https://docs.slack.dev/reference/events/message/bot_message
 */
export function arrive(world: World, message: Arrival, channel: string): Message {
  const { text = '', blocks = [], bot_id = 'B0OTHER', user = '', thread_ts, ...more } = message;
  const draft = { text, blocks, user, bot_id, channel: world.workspace.channel(channel).id };
  const subtype = user === '' ? { subtype: 'bot_message' } : {};
  const thread = thread_ts === undefined ? {} : { thread_ts };
  return world.messages.post({ ...draft, ...thread, more: { ...subtype, app_id: 'A0OTHER', ...more } });
}

/**
 * docs.slack.dev/reference/events/message.im and docs.slack.dev/reference/events/app_mention. A mention in direct messages
 * comes as a message, and one in a channel comes only to an app that is a member.
 */
function eventOf({ manifest }: World, { text, user, ts, thread_ts }: Message, channel: Channel): Json | undefined {
  const common = { user, text, ts, channel: channel.id, event_ts: ts, ...(thread_ts ? { thread_ts } : {}) };
  if (channel.type === 'im') {
    const isHeard = subscribes(manifest, 'message.im', 'im:history');
    return isHeard ? { type: 'message', channel_type: 'im', ...common } : undefined;
  }
  if (!channel.app_is_member || !text.includes(`<@${bot.id}>`)) return undefined;
  return subscribes(manifest, 'app_mention', 'app_mentions:read') ? { type: 'app_mention', ...common } : undefined;
}

function announce({ workspace, clock, events }: World, user: User, channel: Channel, event: Json): void {
  void events.send(eventPayload(workspace, user, channel, clock.now(), event));
}

function asTyped(text: string): string {
  return escapedMrkdwn(text).replace(/@maro\b/gi, `<@${bot.id}>`);
}
