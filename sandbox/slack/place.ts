import type { Json } from './log.ts';
import { requireMessagesTab } from './manifest.ts';
import { Refusal } from './refusal.ts';
import type { Channel, User } from './workspace.ts';
import type { World } from './world.ts';

/** The methods played here whose pages list `messages_tab_disabled`. */
const TAKES_A_TAB = ['chat.postMessage', 'chat.postEphemeral'];

/** The error of each method for an archived channel, of those that its page has. */
const ARCHIVED: Readonly<Record<string, string>> = {
  'chat.postMessage': 'is_archived',
  'chat.postEphemeral': 'is_archived',
  'chat.update': 'is_inactive',
  'chat.delete': 'cant_delete_message',
};

/**
 * A channel the bot may write to, by id alone. A user's id is the direct messages with the app, which are there from the first
 * message on: docs.slack.dev/reference/methods/chat.postMessage.
 */
export function channelOf({ manifest, workspace }: World, { channel: id }: Json, method: string): Channel {
  const person = method === 'chat.postMessage' ? workspace.users.find((user) => user.id === id) : undefined;
  if (person) {
    requireMessagesTab(manifest, method);
    return directMessages(workspace, person);
  }
  const channel = workspace.channels.find((each) => each.id === id);
  const refuse = (error: string, why: string) => new Refusal(error, why, `reference/methods/${method}`);
  if (!channel || (!channel.app_is_member && channel.type !== 'public')) {
    throw refuse('channel_not_found', `The app cannot see the channel ${String(id)}.`);
  }
  if (!channel.app_is_member) throw refuse('not_in_channel', `The app is not in ${channel.id}.`);
  const archived = channel.archived ? ARCHIVED[method] : undefined;
  if (archived !== undefined) throw refuse(archived, `${channel.id} is archived.`);
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
