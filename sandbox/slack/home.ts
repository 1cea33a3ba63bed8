import { ackRefusal } from './delivery.ts';
import { eventPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** A person opens the app's Home tab: docs.slack.dev/reference/events/app_home_opened, which needs no scope. */
export async function openHome(
  { manifest, workspace, views, clock, events, log }: World,
  handle: string,
): Promise<void> {
  if (!manifest.features?.app_home?.home_tab_enabled) {
    const why = 'The app has no Home tab: the manifest does not set features.app_home.home_tab_enabled.';
    throw new Refusal('not_enabled', why, 'surfaces/app-home');
  }
  if (!manifest.settings?.event_subscriptions?.bot_events?.includes('app_home_opened')) return;
  const user = workspace.user(handle);
  const view = views.home(user);
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: `D${user.id.slice(1)}`,
    tab: 'home',
    event_ts: (clock.now() / 1000).toFixed(6),
    ...(view ? { view } : {}),
  };
  const ack = await events.send(eventPayload(workspace, user, undefined, clock.now(), event));
  if (ack.ok) return;
  const refusal = ackRefusal(ack, 'opening Home');
  log.refuse(refusal);
  throw refusal;
}
