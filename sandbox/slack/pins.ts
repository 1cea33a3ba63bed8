import type { Json } from './log.ts';
import type { Method } from './methods.ts';
import { channelOf } from './place.ts';
import { Refusal } from './refusal.ts';
import { type Bookmark, bot, type Channel } from './workspace.ts';
import type { World } from './world.ts';

/** Slack documents `too_many_pins` and no number. A hundred were seen: github.com/coreos/triagebot/issues/15. */
export const MOST_PINS = 100;
/** A hundred: slack.com/help/articles/360060374693-Add-bookmarks-to-channels. */
export const MOST_BOOKMARKS = 100;
const LONGEST_TITLE = 256;

/** The methods about pins and bookmarks. */
export const pinMethods: Record<string, Method> = {
  'pins.add': {
    tokens: ['bot'],
    tier: 2,
    scope: 'pins:write',
    run(world, args) {
      const { channel, message, refuse } = pinned(world, args, 'pins.add');
      if (message.pinned_by !== undefined) throw refuse('already_pinned', 'The message is pinned.');
      if (message.subtype !== undefined) throw refuse('not_pinnable', 'Slack does not pin such a message.');
      const count = world.messages.all().filter((each) => each.channel === channel.id && each.pinned_by).length;
      if (count >= MOST_PINS) throw refuse('too_many_pins', `${channel.id} has ${count} pins.`);
      world.messages.pin(message, bot.id);
      return {};
    },
  },
  'bookmarks.add': {
    tokens: ['bot'],
    tier: 2,
    scope: 'bookmarks:write',
    run(world, args) {
      const refuse = refusing('bookmarks.add');
      const channel = bookmarked(world, args, 'bookmarks.add');
      const { title, type, link } = args;
      if (type !== 'link') throw refuse('invalid_bookmark_type', `There is no bookmark of type ${String(type)}.`);
      checkBookmark(title, link, refuse);
      channel.bookmarks ??= [];
      if (channel.bookmarks.length >= MOST_BOOKMARKS) throw refuse('too_many_bookmarks', `${channel.id} is full.`);
      const id = `Bk${String(Date.now())}${channel.bookmarks.length}`;
      const bookmark = { id, title: String(title), link: String(link) };
      channel.bookmarks.push(bookmark);
      return { bookmark: bookmarkJson(channel, bookmark) };
    },
  },
  'bookmarks.edit': {
    tokens: ['bot'],
    tier: 2,
    scope: 'bookmarks:write',
    run(world, args) {
      const refuse = refusing('bookmarks.edit');
      const channel = bookmarked(world, args, 'bookmarks.edit');
      const bookmark = find(channel, args, refuse);
      const { title = bookmark.title, link = bookmark.link } = args;
      checkBookmark(title, link, refuse);
      Object.assign(bookmark, { title, link });
      return { bookmark: bookmarkJson(channel, bookmark) };
    },
  },
  'bookmarks.remove': {
    tokens: ['bot'],
    tier: 2,
    scope: 'bookmarks:write',
    run(world, args) {
      const channel = bookmarked(world, args, 'bookmarks.remove');
      const bookmark = find(channel, args, refusing('bookmarks.remove'));
      channel.bookmarks = channel.bookmarks?.filter((each) => each !== bookmark) ?? [];
      return {};
    },
  },
};

type Refuse = (error: string, why: string) => Refusal;

function refusing(method: string): Refuse {
  return (error, why) => new Refusal(error, why, `reference/methods/${method}`);
}

function pinned(world: World, args: Json, method: string) {
  const refuse = refusing(method);
  const channel = channelOf(world, args, method);
  if (args.timestamp === undefined) throw refuse('no_item_specified', 'The call names no message.');
  if (!/^\d{1,12}\.\d{6}$/.test(String(args.timestamp))) throw refuse('bad_timestamp', 'That is no timestamp.');
  const message = world.messages.find(channel.id, args.timestamp);
  if (!message || message.ephemeral_to) throw refuse('message_not_found', `${channel.id} has no such message.`);
  return { channel, message, refuse };
}

/** A channel that has bookmarks, which an app may change if it is a member. */
function bookmarked(world: World, args: Json, method: string): Channel {
  const refuse = refusing(method);
  const channel = world.workspace.channels.find(({ id }) => id === args.channel_id);
  if (!channel || (channel.type !== 'public' && !channel.app_is_member)) {
    throw refuse('channel_not_found', `The app cannot see the channel ${String(args.channel_id)}.`);
  }
  if (!channel.app_is_member) throw refuse('access_denied', `The app is not in ${channel.id}.`);
  return channel;
}

function checkBookmark(title: unknown, link: unknown, refuse: Refuse): void {
  if (typeof title !== 'string' || title === '' || title.length > LONGEST_TITLE) {
    throw refuse('invalid_arguments', `A title has from 1 to ${LONGEST_TITLE} characters.`);
  }
  if (URL.parse(String(link)) === null) throw refuse('invalid_link', 'The link is not a URL.');
}

function find({ id, bookmarks = [] }: Channel, { bookmark_id }: Json, refuse: Refuse): Bookmark {
  const bookmark = bookmarks.find((each) => each.id === bookmark_id);
  if (!bookmark) throw refuse('not_found', `${id} has no bookmark ${String(bookmark_id)}.`);
  return bookmark;
}

/** docs.slack.dev/reference/methods/bookmarks.add#examples */
function bookmarkJson({ id: channel_id }: Channel, { id, title, link }: Bookmark): Json {
  return { id, channel_id, title, link, type: 'link', emoji: '', app_id: bot.app_id };
}
