import type { App } from '@slack/bolt';
import type { Deliveries } from '../deliveries.ts';
import { acceptSurely } from '../ledger/accept.ts';
import type { Kind } from '../ledger/index.ts';
import type { Deps } from '../services.ts';

/** The kind of ledger run for what happened to a channel or to the installation. */
export const CHANNEL_LIFE = 'channel life';

/** What happened, as the run stores it. `at` is Slack's time, in milliseconds. */
type Happened =
  | { what: 'archived' | 'unarchived' | 'left' | 'joined' | 'deleted'; channel: string; at: number }
  | { what: 'moved'; channel: string; to: string; at: number }
  | { what: 'uninstalled'; at: number };

/** The events about channels, public and private, and what each says. */
const OF_CHANNELS = {
  channel_archive: 'archived',
  group_archive: 'archived',
  channel_unarchive: 'unarchived',
  group_unarchive: 'unarchived',
  channel_left: 'left',
  group_left: 'left',
  channel_deleted: 'deleted',
  group_deleted: 'deleted',
} as const;

/** The types of events that this listener takes. */
export const LIFE_EVENTS = [
  ...Object.keys(OF_CHANNELS),
  ...['member_joined_channel', 'channel_id_changed', 'app_uninstalled', 'tokens_revoked'],
];

/**
 * Registers the listeners for the life of channels and of the installation. An archived channel, and one from which Maro was
 * removed, is paused until it is back; a channel with another id takes its issues along; a deleted one is forgotten. What is stored of an
 * uninstalled app is deleted after a day. Each event can come twice, late, and in any order.
 * https://docs.slack.dev/reference/events
 */
export function registerChannelLife(
  app: App,
  { deliveries, ledger, botUserId }: Deps & { deliveries: Deliveries; botUserId: string },
): void {
  for (const type of LIFE_EVENTS) {
    app.event(type, async ({ event, body }) => {
      const happened = parseLife(event, body.event_time, botUserId);
      if (happened === undefined) return;
      const run = { id: `life ${body.event_id}`, kind: CHANNEL_LIFE, door: 'event', inputs: happened };
      // Bolt has acknowledged the event, so only this process has it.
      const acceptance = await acceptSurely(ledger, run, { isOnly: false, isOver: () => deliveries.draining });
      if (typeof acceptance === 'object' && 'state' in acceptance && acceptance.state === 'ours') {
        await ledger.bringToEnd(acceptance.run);
      }
    });
  }
}

/** How the ledger stores what happened. Storing it twice does no harm, and nobody is told. */
export function channelLifeKind({ tenant, services: { tracker } }: Deps): Kind {
  return {
    keeps: true,
    async run({ inputs }) {
      const happened = inputs as Happened;
      const at = new Date(happened.at);
      switch (happened.what) {
        case 'moved':
          await tracker.moveChannel({ tenant, from: happened.channel, to: happened.to });
          break;
        case 'deleted':
          await tracker.forgetChannel({ tenant, channel: happened.channel });
          break;
        case 'uninstalled':
          await tracker.markUninstalled({ tenant, at });
          break;
        default:
          await tracker.setChannelState({ tenant, channel: happened.channel, at, state: happened.what });
      }
      return { outcome: {}, failed: false, told: true };
    },
    giveUp: () => ({}),
    tell: async () => true,
  };
}

function parseLife(event: unknown, seconds: number, botUserId: string): Happened | undefined {
  const { type, channel, user, event_ts, old_channel_id, new_channel_id, tokens } = (event ?? {}) as Record<
    string,
    unknown
  >;
  // event_ts is more precise: event_time has whole seconds. Some events lack it.
  const at = (Number(event_ts) || seconds) * 1000;
  if (!Number.isFinite(at)) return undefined;
  if (type === 'app_uninstalled') return { what: 'uninstalled', at };
  if (type === 'tokens_revoked') {
    // A person's token may be revoked while the bot's is valid.
    const { bot } = (tokens ?? {}) as { bot?: unknown };
    return Array.isArray(bot) && bot.length > 0 ? { what: 'uninstalled', at } : undefined;
  }
  if (type === 'channel_id_changed') {
    const isMove = typeof old_channel_id === 'string' && typeof new_channel_id === 'string';
    return isMove ? { what: 'moved', channel: old_channel_id, to: new_channel_id, at } : undefined;
  }
  // Others join channels, too.
  const isOwn = type === 'member_joined_channel' && user === botUserId;
  const what = isOwn ? 'joined' : OF_CHANNELS[type as keyof typeof OF_CHANNELS];
  return what === undefined || typeof channel !== 'string' ? undefined : { what, channel, at };
}
