import { checkBlocks } from './blocks.ts';
import { fileMethods } from './files.ts';
import type { Json } from './log.ts';
import { hasScope, requireScope } from './manifest.ts';
import { byTheApp, type Message, type Metadata, messageJson } from './messages.ts';
import { pinMethods } from './pins.ts';
import { channelOf } from './place.ts';
import { reactionMethods } from './reactions.ts';
import { Refusal } from './refusal.ts';
import { checkAnswer } from './response-url.ts';
import type { Tier } from './tier.ts';
import { bot, type Channel, zoneOf } from './workspace.ts';
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
      if (!user) throw new Refusal('invalid_arguments', `There is no person ${String(user_id)}.`, page);
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
        if (scope === undefined) throw new Refusal('invalid_types', `There is no conversation type ${type}.`, page);
        requireScope(world.manifest, scope, 'users.conversations');
      }
      const user = world.workspace.users.find(({ id }) => id === args.user);
      if (!user) throw new Refusal('user_not_found', `There is no person ${String(args.user)}.`, page);
      // Of another person, an app sees the private channels of which it is a member itself.
      const channels = world.workspace.channels
        .filter(({ type }) => type !== 'im' && types.includes(`${type}_channel`))
        .filter((channel) => world.workspace.isMember(channel, user))
        .filter(({ type, app_is_member }) => type === 'public' || app_is_member)
        .filter(({ archived = false }) => !(archived && String(args.exclude_archived) === 'true'))
        .map(({ id, name, type, archived = false }) => ({
          id,
          name,
          is_channel: true,
          is_private: type === 'private',
          is_archived: archived,
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
      if (!user) throw new Refusal('user_not_found', `There is no person ${String(id)}.`, page);
      const { name, team_id, display_name = name, deleted = false, email = `${name}@example.com`, guest } = user;
      // docs.slack.dev/reference/objects/user-object: a guest of one channel is both.
      const limits = { is_restricted: guest !== undefined, is_ultra_restricted: guest === 'of one channel' };
      // Slack leaves the address out without users:read.email: docs.slack.dev/reference/scopes/users.read.email
      const address = hasScope(manifest, 'users:read.email') ? { email } : {};
      const real = Object.hasOwn(user, 'real_name') ? user.real_name : name;
      const named = real === undefined ? {} : { real_name: real };
      return {
        user: {
          id: user.id,
          team_id,
          name,
          deleted,
          tz: zoneOf(user),
          ...limits,
          ...named,
          profile: { ...named, ...address, display_name },
        },
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
        throw new Refusal('channel_not_found', `The app cannot see the channel ${String(id)}.`, page);
      }
      const { name, type, archived = false, app_is_member: is_member } = channel;
      return {
        channel: {
          id: channel.id,
          name,
          is_channel: true,
          is_private: type === 'private',
          is_archived: archived,
          is_member,
        },
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
          `There is no thread ${String(args.ts)}.`,
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
      const { channel, message } = ownMessage(world, args, 'update');
      world.messages.edit(message, contentOf(args, world.messages));
      return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(message) };
    },
  },
  'chat.delete': {
    tokens: speaking,
    tier: 3,
    scope: 'chat:write',
    run(world, args) {
      const { channel, message } = ownMessage(world, args, 'delete');
      world.messages.remove(message);
      return { channel: channel.id, ts: message.ts };
    },
  },
  ...fileMethods,
  ...pinMethods,
  ...reactionMethods,
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

/** The app's own message that a call is to change, and its channel. */
function ownMessage(world: World, args: Json, act: 'update' | 'delete'): { channel: Channel; message: Message } {
  const method = `chat.${act}`;
  const page = `reference/methods/${method}`;
  const channel = channelOf(world, args, method);
  const message = world.messages.find(channel.id, args.ts);
  if (!message || message.ephemeral_to) {
    throw new Refusal('message_not_found', `There is no message ${String(args.ts)} in ${channel.id}.`, page);
  }
  if (message.user !== bot.id) throw new Refusal(`cant_${act}_message`, 'The message is not the app’s own.', page);
  return { channel, message };
}

/**
 * A page of a channel's messages. `oldest` leaves out older messages and, without `inclusive`, the message of that time. A thread's
 * first message always comes:
 * docs.slack.dev/reference/methods/conversations.replies.
 */
function pageOf(world: World, args: Json, method: string, choose: (messages: Message[]) => Message[]): Json {
  const page = `reference/methods/${method}`;
  const { type } = world.workspace.channels.find(({ id }) => id === args.channel) ?? { type: 'public' };
  requireScope(world.manifest, HISTORY[type], method);
  const channel = channelOf(world, args, method);
  const limit = Number(args.limit ?? 100);
  if (!(limit >= 1 && limit <= 1000)) throw new Refusal('invalid_limit', 'limit must be from 1 to 1,000.', page);
  const oldest = Number(args.oldest ?? 0);
  if (!Number.isFinite(oldest)) throw new Refusal('invalid_ts_oldest', 'oldest is not a timestamp.', page);
  const there = world.messages.all().filter((each) => each.channel === channel.id && !each.ephemeral_to);
  const isInclusive = args.inclusive === 'true' || args.inclusive === true;
  const isNew = (ts: string) => Number(ts) > oldest || (isInclusive && Number(ts) === oldest);
  const chosen = choose(there).filter(({ ts }) => ts === args.ts || isNew(ts));
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

function completing(method: string): Method['run'] {
  return ({ executions }, args, { value }) => {
    executions.complete(method, args, value);
    return {};
  };
}

function contentOf(args: Json, { unsupported }: World['messages']): Pick<Message, 'text' | 'blocks'> {
  if (args.blocks !== undefined) checkBlocks(args.blocks);
  const content = checkAnswer(args, unsupported);
  if (content) return content;
  throw new Refusal('no_text', 'The message has neither text nor blocks.', 'reference/methods/chat.postMessage');
}

function metadataOf({ metadata }: Json): Pick<Message, 'metadata'> {
  if (metadata === undefined) return {};
  const { event_type, event_payload } = (metadata ?? {}) as Partial<Metadata>;
  if (typeof event_type === 'string' && typeof event_payload === 'object' && event_payload !== null) {
    return { metadata: { event_type, event_payload } };
  }
  throw new Refusal(
    'invalid_metadata_format',
    'Metadata needs an event_type and an event_payload.',
    'messaging/message-metadata',
  );
}
