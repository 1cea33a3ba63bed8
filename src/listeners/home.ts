import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { sentenceOf } from '../function.ts';
import { type Channels, homeView, MOST_CHANNELS, NO_SCOPE } from '../messages/home.ts';
import { type Deps, unclaimed } from '../services.ts';

/** Registers the listener that draws the Home tab each time a person opens it. */
export function registerHome(app: App, deps: Deps): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    await deps.slack.publishHome(event.user, homeView(await channelsOf(event.user, body.team_id, deps)));
  });
}

async function channelsOf(user: string, team: string | undefined, deps: Deps): Promise<Channels> {
  const { tenant, slack, services } = deps;
  const channels = await slack.channelsOf(user, team);
  if (channels === undefined) return NO_SCOPE;
  try {
    return await services.tracker.channelCounts({ tenant, channels, limit: MOST_CHANNELS });
  } catch (error) {
    const context = unclaimed({ tenant, door: 'button', operation: randomUUID(), services });
    return sentenceOf(error, 'home', context);
  }
}
