import type { Json } from './log.ts';
import { subscribes } from './manifest.ts';
import { eventPayload } from './payloads.ts';
import { bot, type Channel } from './workspace.ts';
import type { World } from './world.ts';

/** What becomes of a channel. `renumbered` is its new id, as after a channel is shared or made private. */
export type Fate = 'archived' | 'unarchived' | 'deleted' | 'app removed' | 'app invited' | { renumbered: string };

/**
 * Something happens to a channel, and the app hears of it if it subscribes and has the scope. The events of private channels
 * have names of their own. https://docs.slack.dev/reference/events/channel_archive, channel_unarchive, channel_deleted,
 * channel_left, member_joined_channel, and channel_id_changed, which needs no scope
 */
export async function befall(world: World, handle: string, fate: Fate): Promise<void> {
  const channel = world.workspace.channel(handle);
  const { workspace } = world;
  const [kind, scope] = channel.type === 'private' ? ['group', 'groups:read'] : ['channel', 'channels:read'];
  if (typeof fate === 'object') {
    const before = channel.id;
    channel.id = fate.renumbered;
    const event = { type: 'channel_id_changed', old_channel_id: before, new_channel_id: channel.id };
    return await tell(world, channel, event, undefined);
  }
  const about = { channel: channel.id, event_ts: (world.clock.now() / 1000).toFixed(6) };
  switch (fate) {
    case 'archived':
    case 'unarchived': {
      channel.archived = fate === 'archived';
      const type = `${kind}_${fate === 'archived' ? 'archive' : 'unarchive'}`;
      return await tell(world, channel, { type, ...about, user: workspace.users[0]?.id, is_moved: 0 }, scope);
    }
    case 'deleted':
      workspace.channels.splice(workspace.channels.indexOf(channel), 1);
      return await tell(world, channel, { type: `${kind}_deleted`, ...about }, scope);
    case 'app invited':
      channel.app_is_member = true;
      return await tell(world, channel, { type: 'member_joined_channel', ...about, user: bot.id }, scope);
    case 'app removed':
      channel.app_is_member = false;
      return await tell(world, channel, { type: `${kind}_left`, ...about }, scope);
  }
}

/**
 * The app is uninstalled: it gets both events, in no certain order.
 * https://docs.slack.dev/reference/events/app_uninstalled and https://docs.slack.dev/reference/events/tokens_revoked
 */
export async function uninstall(world: World, { bot: bots = [bot.id], oauth = [] as string[] } = {}): Promise<void> {
  await tell(world, undefined, { type: 'tokens_revoked', tokens: { oauth, bot: bots } }, undefined);
  if (bots.length > 0) await tell(world, undefined, { type: 'app_uninstalled' }, undefined);
}

async function tell(world: World, channel: Channel | undefined, event: Json, scope: string | undefined): Promise<void> {
  const { manifest, workspace, clock, events } = world;
  const type = String(event.type);
  const isHeard =
    scope === undefined
      ? manifest.settings?.event_subscriptions?.bot_events?.includes(type)
      : subscribes(manifest, type, scope);
  const [user] = workspace.users;
  if (isHeard && user !== undefined) await events.send(eventPayload(workspace, user, channel, clock.now(), event));
}
