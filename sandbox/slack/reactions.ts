import { emojiNamed } from './emoji.ts';
import type { Json } from './log.ts';
import type { Method } from './methods.ts';
import { Refusal } from './refusal.ts';
import { bot } from './workspace.ts';
import type { World } from './world.ts';

/** The methods about reactions. */
export const reactionMethods: Record<string, Method> = {
  'reactions.add': {
    tokens: ['bot', 'workflow'],
    tier: 3,
    scope: 'reactions:write',
    run(world, args) {
      const { channel, message, emoji, isThere, refuse } = reactionIn(world, args, 'reactions.add');
      if (channel.archived) throw refuse('is_archived', `${channel.id} is archived.`);
      if (isThere) throw refuse('already_reacted', `The app has added :${emoji}: before.`);
      world.messages.react(message, emoji, bot.id);
      return {};
    },
  },
  'reactions.remove': {
    tokens: ['bot', 'workflow'],
    tier: 2,
    scope: 'reactions:write',
    run(world, args) {
      const { message, emoji, isThere, refuse } = reactionIn(world, args, 'reactions.remove');
      if (!isThere) throw refuse('no_reaction', `The app has not added :${emoji}:.`);
      world.messages.unreact(message, emoji, bot.id);
      return {};
    },
  },
};

/** The message and the emoji that a call is about, and whether the app's reaction is there. */
function reactionIn({ workspace, messages }: World, { channel: id, timestamp, name }: Json, method: string) {
  const refuse = (error: string, why: string) => new Refusal(error, why, `reference/methods/${method}`);
  const channel = workspace.channels.find((each) => each.id === id);
  if (!channel || (!channel.app_is_member && channel.type !== 'public')) {
    throw refuse('channel_not_found', `The app cannot see the channel ${String(id)}.`);
  }
  if (!channel.app_is_member) throw refuse('no_access', `The app is not in ${channel.id}.`);
  const message = messages.find(channel.id, timestamp);
  if (!message || message.ephemeral_to) {
    throw refuse('message_not_found', `There is no message ${String(timestamp)} in ${channel.id}.`);
  }
  const emoji = String(name);
  if (emojiNamed(emoji) === undefined) throw refuse('invalid_name', `There is no emoji :${emoji}:.`);
  const users = message.reactions?.find((reaction) => reaction.name === emoji)?.users ?? [];
  return { channel, message, emoji, isThere: users.includes(bot.id), refuse };
}
