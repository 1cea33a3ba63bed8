import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { sentenceOf } from '../function.ts';
import { errorName } from '../log.ts';
import { type Channels, homeView, MOST_CHANNELS, NO_SCOPE, UNTOLD } from '../messages/home.ts';
import { type Deps, unclaimed } from '../services.ts';

/** Registers the listener that draws the Home tab each time a person opens it. */
export function registerHome(app: App, deps: Deps): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    await drawHome(event.user, body.team_id, deps);
  });
}

/** Puts the checklist for admins away, and draws the Home tab without it. */
export async function putChecklistAway(user: string, team: string | undefined, deps: Deps): Promise<void> {
  // If the database does not take it, the checklist stays.
  await deps.services.tracker.hideChecklist({ tenant: deps.tenant, user }).catch(logged(deps));
  await drawHome(user, team, deps);
}

async function drawHome(user: string, team: string | undefined, deps: Deps): Promise<void> {
  const { tenant, slack, services } = deps;
  const [channels, checklist] = await Promise.all([
    channelsOf(user, team, deps),
    services.tracker.showsChecklist({ tenant, user }).catch(logged(deps)),
  ]);
  await slack.publishHome(user, homeView(channels, { checklist: checklist ?? false }));
}

function logged({ services }: Deps) {
  return (error: unknown): undefined => {
    services.log.warn({ error: errorName(error) }, 'the checklist for admins could not be read or written');
  };
}

async function channelsOf(user: string, team: string | undefined, deps: Deps): Promise<Channels> {
  const { tenant, slack, services } = deps;
  const channels = await slack.channelsOf(user, team);
  if (channels === 'no_scope') return NO_SCOPE;
  if (channels === 'untold') return UNTOLD;
  try {
    return await services.tracker.channelCounts({ tenant, channels, limit: MOST_CHANNELS });
  } catch (error) {
    const context = unclaimed({ tenant, door: 'button', operation: randomUUID(), services });
    return sentenceOf(error, 'home', context);
  }
}
