import { checkBlocks } from './blocks.ts';
import type { Json } from './log.ts';
import { hasScope, requireMessagesTab, requireScope } from './manifest.ts';
import { byTheApp, type Message, type Metadata, messageJson } from './messages.ts';
import { Refusal } from './refusal.ts';
import { checkAnswer } from './response-url.ts';
import type { Tier } from './tier.ts';
import { bot, type Channel, type User } from './workspace.ts';
import type { World } from './world.ts';

export interface Token {
  kind: 'bot' | 'app' | 'workflow';
  value: string;
}

export interface Method {
  tokens: Token['kind'][];
  tier: Tier;
  /** The bot scope it needs; left out, none, or one for each kind of conversation, which `run` asks for. */
  scope?: string;
  /** Answers what stands beside `ok: true`, or throws a Refusal. */
  run(world: World, args: Json, token: Token): Json;
}

const speaking: Token['kind'][] = ['bot', 'workflow'];

/** The Web API methods that the stand-in plays: docs.slack.dev/reference/methods. */
export const methods: Record<string, Method> = {
  'auth.test': {
    tokens: ['bot', 'app', 'workflow'],
    tier: 'special',
    run({ workspace: { team, isEnterpriseInstall } }) {
      const installed = isEnterpriseInstall
        ? { team: team.enterprise_name, team_id: team.enterprise_id }
        : { team: team.name, team_id: team.id };
      return {
        url: `https://${team.domain}.slack.com/`,
        ...installed,
        user: 'maro',
        user_id: bot.id,
        bot_id: bot.bot_id,
        ...(team.enterprise_id ? { enterprise_id: team.enterprise_id } : {}),
        is_enterprise_install: isEnterpriseInstall,
      };
    },
  },
  'apps.connections.open': { tokens: ['app'], tier: 3, run: ({ connectionUrl }) => ({ url: connectionUrl() }) },
  'functions.completeSuccess': { tokens: speaking, tier: 3, run: completing('functions.completeSuccess') },
  'functions.completeError': { tokens: speaking, tier: 3, run: completing('functions.completeError') },
  'views.open': {
    tokens: speaking,
    tier: 4,
    run({ triggers, views }, { trigger_id, view }) {
      const { user, act } = triggers.check(trigger_id);
      const opened = views.open(user, view, act);
      triggers.use(trigger_id);
      return { view: opened };
    },
  },
  'views.push': {
    tokens: speaking,
    tier: 4,
    run({ triggers, views }, { trigger_id, view }) {
      const { user, act } = triggers.check(trigger_id);
      const pushed = views.push(user, view, act);
      triggers.use(trigger_id);
      return { view: pushed };
    },
  },
  'views.update': {
    tokens: speaking,
    tier: 4,
    run: ({ views }, { view_id, external_id, hash, view }) => ({
      view: views.update({ view_id, external_id, hash }, view),
    }),
  },
  'views.publish': {
    tokens: ['bot'],
    tier: 4,
    run({ manifest, workspace, views }, { user_id, view, hash }) {
      const page = 'reference/methods/views.publish';
      if (!manifest.features?.app_home?.home_tab_enabled) {
        throw new Refusal('not_enabled', 'The manifest does not set features.app_home.home_tab_enabled.', page);
      }
      const user = workspace.users.find(({ id }) => id === user_id);
      if (!user) throw new Refusal('invalid_arguments', `Nobody here is ${String(user_id)}.`, page);
      return { view: views.publish(user, view, hash) };
    },
  },
  'users.conversations': {
    tokens: ['bot'],
    tier: 3,
    run(world, args) {
      const page = 'reference/methods/users.conversations';
      const types = String(args.types ?? 'public_channel').split(',');
      for (const type of types) {
        const scope = LISTED[type];
        if (scope === undefined) throw new Refusal('invalid_types', `There is no type ${type}.`, page);
        requireScope(world.manifest, scope, 'users.conversations');
      }
      const user = world.workspace.users.find(({ id }) => id === args.user);
      if (!user) throw new Refusal('user_not_found', `Nobody here is ${String(args.user)}.`, page);
      // Of another person, an app sees the private channels of which it is a member itself.
      const channels = world.workspace.channels
        .filter(({ type }) => type !== 'im' && types.includes(`${type}_channel`))
        .filter((channel) => world.workspace.isMember(channel, user))
        .filter(({ type, app_is_member }) => type === 'public' || app_is_member)
        .map(({ id, name, type }) => ({
          id,
          name,
          is_channel: true,
          is_private: type === 'private',
          is_archived: false,
        }));
      return { channels, response_metadata: { next_cursor: '' } };
    },
  },
  'chat.postMessage': {
    tokens: speaking,
    tier: 'special',
    scope: 'chat:write',
    run(world, args) {
      const channel = channelOf(world, args, 'chat.postMessage');
      const thread = typeof args.thread_ts === 'string' ? { thread_ts: args.thread_ts } : {};
      const draft = {
        ...contentOf(args, world.messages),
        ...metadataOf(args),
        ...byTheApp,
        ...thread,
        channel: channel.id,
      };
      const message = world.messages.post(draft);
      return { channel: channel.id, ts: message.ts, message: messageJson(message) };
    },
  },
  'users.info': {
    tokens: speaking,
    tier: 4,
    scope: 'users:read',
    run({ workspace, manifest }, { user: id }) {
      const user = workspace.users.find((each) => each.id === id);
      const page = 'reference/methods/users.info';
      if (!user) throw new Refusal('user_not_found', `Nobody here is ${String(id)}.`, page);
      const { name, team_id, display_name = name, deleted = false, email = `${name}@example.com` } = user;
      // Slack leaves the address out without users:read.email: docs.slack.dev/reference/scopes/users.read.email
      const address = hasScope(manifest, 'users:read.email') ? { email } : {};
      const real = Object.hasOwn(user, 'real_name') ? user.real_name : name;
      const named = real === undefined ? {} : { real_name: real };
      return {
        user: { id: user.id, team_id, name, deleted, ...named, profile: { ...named, ...address, display_name } },
      };
    },
  },
  'conversations.info': {
    tokens: ['bot'],
    tier: 3,
    run({ manifest, workspace }, { channel: id }) {
      const page = 'reference/methods/conversations.info';
      const channel = workspace.channels.find((each) => each.id === id);
      requireScope(manifest, LISTED[`${channel?.type ?? 'public'}_channel`] ?? 'im:read', 'conversations.info');
      if (!channel || (channel.type !== 'public' && !channel.app_is_member)) {
        throw new Refusal('channel_not_found', `The app sees no channel ${String(id)}.`, page);
      }
      const { name, type } = channel;
      return {
        channel: { id: channel.id, name, is_channel: true, is_private: type === 'private', is_archived: false },
      };
    },
  },
  'conversations.history': {
    tokens: ['bot'],
    tier: 3,
    run: (world, args) => ({
      ...pageOf(world, args, 'conversations.history', (messages) =>
        messages.filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts).reverse(),
      ),
      channel_actions_ts: null,
      channel_actions_count: 0,
    }),
  },
  'conversations.replies': {
    tokens: ['bot'],
    tier: 3,
    run: (world, args) =>
      pageOf(world, args, 'conversations.replies', (messages) => {
        const thread = messages.filter(({ ts, thread_ts }) => ts === args.ts || thread_ts === args.ts);
        if (thread.length > 0) return thread;
        throw new Refusal(
          'thread_not_found',
          `No thread ${String(args.ts)}.`,
          'reference/methods/conversations.replies',
        );
      }),
  },
  'chat.postEphemeral': {
    tokens: speaking,
    tier: 4,
    scope: 'chat:write',
    run(world, args) {
      const channel = channelOf(world, args, 'chat.postEphemeral');
      const user = world.workspace.users.find((each) => each.id === args.user);
      if (!user || !world.workspace.isMember(channel, user)) {
        const why = `${String(args.user)} is not in ${channel.id}.`;
        throw new Refusal('user_not_in_channel', why, 'reference/methods/chat.postEphemeral');
      }
      const thread = typeof args.thread_ts === 'string' ? { thread_ts: args.thread_ts } : {};
      const draft = {
        ...contentOf(args, world.messages),
        ...byTheApp,
        ...thread,
        channel: channel.id,
        ephemeral_to: user.id,
      };
      return { message_ts: world.messages.post(draft).ts };
    },
  },
  'chat.update': {
    tokens: speaking,
    tier: 3,
    scope: 'chat:write',
    run(world, args) {
      const page = 'reference/methods/chat.update';
      const channel = channelOf(world, args, 'chat.update');
      const message = world.messages.find(channel.id, args.ts);
      if (!message || message.ephemeral_to) {
        throw new Refusal('message_not_found', `No message ${String(args.ts)} in ${channel.id}.`, page);
      }
      if (message.user !== bot.id) throw new Refusal('cant_update_message', 'The message is not the app’s own.', page);
      world.messages.edit(message, contentOf(args, world.messages));
      return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(message) };
    },
  },
};

/** docs.slack.dev/reference/methods/users.conversations: a scope for each kind of conversation. */
const LISTED: Readonly<Record<string, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};

/** docs.slack.dev/reference/methods/conversations.replies: a scope for each kind of conversation. */
const HISTORY = { public: 'channels:history', private: 'groups:history', im: 'im:history' } as const;

/**
 * A page of what a channel holds. `oldest` leaves out what is older, but for a thread's first message, which always comes:
 * docs.slack.dev/reference/methods/conversations.replies.
 */
function pageOf(world: World, args: Json, method: string, choose: (messages: Message[]) => Message[]): Json {
  const page = `reference/methods/${method}`;
  const { type } = world.workspace.channels.find(({ id }) => id === args.channel) ?? { type: 'public' };
  requireScope(world.manifest, HISTORY[type], method);
  const channel = channelOf(world, args, method);
  const limit = Number(args.limit ?? 100);
  if (!(limit >= 1 && limit <= 1000)) throw new Refusal('invalid_limit', 'A page has 1 to 1,000 messages.', page);
  const oldest = Number(args.oldest ?? 0);
  if (!Number.isFinite(oldest)) throw new Refusal('invalid_ts_oldest', 'oldest is no timestamp.', page);
  const there = world.messages.all().filter((each) => each.channel === channel.id && !each.ephemeral_to);
  const chosen = choose(there).filter(({ ts }) => ts === args.ts || Number(ts) > oldest);
  const from = Number(args.cursor ?? 0);
  const more = chosen.length > from + limit;
  const withMetadata = args.include_all_metadata === 'true' || args.include_all_metadata === true;
  return {
    messages: chosen.slice(from, from + limit).map((message) => ({
      ...messageJson(message, { withMetadata }),
      ...repliesTo(message, there),
    })),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: String(from + limit) } } : {}),
  };
}

/** What the first message of a thread says of its replies. */
function repliesTo({ ts }: Message, there: readonly Message[]): Json {
  const { length } = there.filter((each) => each.thread_ts === ts && each.ts !== ts);
  return length === 0 ? {} : { thread_ts: ts, reply_count: length };
}

/** The methods played here whose pages list `messages_tab_disabled`. */
const TAKES_A_TAB = ['chat.postMessage', 'chat.postEphemeral'];

function completing(method: string): Method['run'] {
  return ({ executions }, args, { value }) => {
    executions.complete(method, args, value);
    return {};
  };
}

/**
 * A channel the bot may write to, by id alone. A user's id is the direct messages with the app, which are there from the first
 * message on: docs.slack.dev/reference/methods/chat.postMessage.
 */
function channelOf({ manifest, workspace }: World, { channel: id }: Json, method: string): Channel {
  const person = method === 'chat.postMessage' ? workspace.users.find((user) => user.id === id) : undefined;
  if (person) {
    requireMessagesTab(manifest, method);
    return directMessages(workspace, person);
  }
  const channel = workspace.channels.find((each) => each.id === id);
  const refuse = (error: string, why: string) => new Refusal(error, why, `reference/methods/${method}`);
  if (!channel || (!channel.app_is_member && channel.type !== 'public')) {
    throw refuse('channel_not_found', `The app sees no channel ${String(id)}.`);
  }
  if (!channel.app_is_member) throw refuse('not_in_channel', `The app is not in ${channel.id}.`);
  if (channel.type === 'im' && TAKES_A_TAB.includes(method)) requireMessagesTab(manifest, method);
  return channel;
}

function directMessages({ channels }: World['workspace'], { id, name }: User): Channel {
  const there = channels.find(({ type, members }) => type === 'im' && members?.length === 1 && members[0] === id);
  if (there) return there;
  const opened: Channel = {
    id: `D${id.slice(1)}`,
    name: `maro-${name}`,
    type: 'im',
    app_is_member: true,
    members: [id],
  };
  channels.push(opened);
  return opened;
}

function contentOf(args: Json, { unsupported }: World['messages']): Pick<Message, 'text' | 'blocks'> {
  if (args.blocks !== undefined) checkBlocks(args.blocks);
  const content = checkAnswer(args, unsupported);
  if (content) return content;
  throw new Refusal('no_text', 'There is neither text nor blocks.', 'reference/methods/chat.postMessage');
}

function metadataOf({ metadata }: Json): Pick<Message, 'metadata'> {
  if (metadata === undefined) return {};
  const { event_type, event_payload } = (metadata ?? {}) as Partial<Metadata>;
  if (typeof event_type === 'string' && typeof event_payload === 'object' && event_payload !== null) {
    return { metadata: { event_type, event_payload } };
  }
  throw new Refusal(
    'invalid_metadata_format',
    'Metadata have an event_type and an event_payload.',
    'messaging/message-metadata',
  );
}
