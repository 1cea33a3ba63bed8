import type { Block } from './blocks.ts';
import type { Clock } from './clock.ts';
import type { Sights } from './seen.ts';
import { typedBlock } from './typed.ts';
import { bot, type Workspace } from './workspace.ts';

/** A message as it stands now: an edit changes it in place, `deleted` says that it is gone. */
export interface Message {
  ts: string;
  channel: string;
  text: string;
  blocks: Block[];
  /** The person, or the app's bot user. */
  user: string;
  bot_id?: string;
  /** What else it is than something that was said, `channel_join`: docs.slack.dev/reference/events/message#subtypes */
  subtype?: string;
  thread_ts?: string;
  /** The only user who can see it. */
  ephemeral_to?: string;
  edited?: boolean;
  deleted?: boolean;
  /** The emoji by which users have reacted to it, in the order in which they came. */
  reactions?: Reaction[];
  /** Who pinned it to the channel: a person, or the app. */
  pinned_by?: string;
  /** What the app attached for apps alone. */
  metadata?: Metadata;
  /** What Slack delivers besides, of a message that another app posted or that has files. */
  more?: Record<string, unknown>;
}

/** A file as people see it: its name, its size in bytes, its first lines, and what they get when they open it. */
export interface SharedFile {
  name: string;
  size: number;
  preview: string;
  content: string;
}

/** The files that were shared with a message. docs.slack.dev/reference/objects/file-object */
export function filesOf({ more }: Message): SharedFile[] {
  const files = Array.isArray(more?.files) ? (more.files as Partial<SharedFile>[]) : [];
  return files.map(({ name = 'file', size = 0, preview = '', content = '' }) => ({ name, size, preview, content }));
}

/** docs.slack.dev/messaging/message-metadata */
export interface Metadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

/** docs.slack.dev/reference/methods/reactions.get */
export interface Reaction {
  name: string;
  users: string[];
}

export interface Messages {
  /** The types of blocks that this Slack does not have yet. */
  unsupported: Set<string>;
  post(draft: Omit<Message, 'ts'>, act?: string): Message;
  edit(message: Message, change: Partial<Pick<Message, 'text' | 'blocks'>>, act?: string): void;
  remove(message: Message): void;
  /** Pins a message to its channel in the name of a user, or takes the pin away. */
  pin(message: Message, user: string | undefined): void;
  /** Adds an emoji in the name of a user, who has not added it yet. */
  react(message: Message, emoji: string, user: string): void;
  unreact(message: Message, emoji: string, user: string): void;
  find(channel: string, ts: unknown): Message | undefined;
  /** All there are, whoever sees them, oldest first. */
  all(): Message[];
  /** What this user sees in this channel, oldest first. */
  visible(channel: string, user: string): Message[];
}

/** Begins with the messages of an earlier run, whose timestamps nothing gets again. */
export function createMessages(
  clock: Clock,
  workspace: Workspace,
  sights: Sights,
  earlier: readonly Message[] = [],
): Messages {
  const all = [...earlier];
  let count = Math.max(0, ...earlier.slice(-1).map(({ ts }) => Number(ts.split('.')[1])));
  const sees = (message: Message, user: string) =>
    !message.deleted &&
    (message.ephemeral_to ? message.ephemeral_to === user : true) &&
    workspace.isMember(workspace.channel(message.channel), workspace.user(user));
  const show = (message: Message, act?: string) =>
    sights.show({ message, act, seenBy: (user, channel) => message.channel === channel && sees(message, user) });
  return {
    unsupported: new Set(),
    post(draft, act) {
      const ts = `${Math.floor(clock.now() / 1000)}.${String(++count).padStart(6, '0')}`;
      const message = { ...draft, ts };
      all.push(message);
      show(message, act);
      return message;
    },
    edit(message, change, act) {
      Object.assign(message, change, { edited: true });
      show(message, act);
    },
    remove(message) {
      message.deleted = true;
      delete message.pinned_by;
      show(message);
    },
    pin(message, user) {
      if (user === undefined) delete message.pinned_by;
      else message.pinned_by = user;
      show(message);
    },
    react(message, emoji, user) {
      const reactions = message.reactions ?? [];
      const there = reactions.find(({ name }) => name === emoji);
      if (there) there.users.push(user);
      else message.reactions = [...reactions, { name: emoji, users: [user] }];
      show(message);
    },
    unreact(message, emoji, user) {
      const reactions = (message.reactions ?? [])
        .map(({ name, users }) => ({ name, users: users.filter((each) => name !== emoji || each !== user) }))
        .filter(({ users }) => users.length > 0);
      if (reactions.length > 0) message.reactions = reactions;
      else delete message.reactions;
      show(message);
    },
    find: (channel, ts) => all.find((message) => message.channel === channel && message.ts === ts && !message.deleted),
    all: () => all.filter((message) => !message.deleted),
    visible: (channel, user) => all.filter((message) => message.channel === channel && sees(message, user)),
  };
}

/** What every message of the app's own says of its author. */
export const byTheApp = { user: bot.id, bot_id: bot.bot_id };

/** A message as payloads and Web API answers carry it; a person's has what they typed as rich text, too. Its metadata are asked for. */
export function messageJson(message: Message, { withMetadata = false } = {}): Record<string, unknown> {
  const isTyped =
    message.bot_id === undefined && message.subtype === undefined && message.blocks.length === 0 && message.text !== '';
  const blocks = isTyped ? [typedBlock(message.text)] : message.blocks;
  return {
    type: 'message',
    ...message.more,
    ...(message.subtype ? { subtype: message.subtype } : {}),
    ...(message.user === '' ? {} : { user: message.user }),
    ts: message.ts,
    text: message.text,
    ...(message.bot_id ? { app_id: bot.app_id, ...message.more, bot_id: message.bot_id } : {}),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(message.reactions
      ? { reactions: message.reactions.map((reaction) => ({ ...reaction, count: reaction.users.length })) }
      : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}
