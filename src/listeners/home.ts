import type { App } from '@slack/bolt';
import { drawHome, type HomeDeps, logged } from '../runner/draw-home.ts';
import type { Deps } from '../services.ts';

/** Registers the listener that draws the Home tab each time a person opens it. */
export function registerHome(app: App, deps: Deps): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    await drawHome({ user: event.user, team: body.team_id, isOpened: true }, deps);
  });
}

/** Puts the checklist for admins away, and draws the Home tab without it. */
export async function putChecklistAway(user: string, team: string | undefined, deps: Deps): Promise<void> {
  // If the database does not take it, the checklist stays.
  await deps.services.tracker.hideChecklist({ tenant: deps.tenant, user }).catch(logged(deps));
  await drawHome({ user, team, isOpened: true }, deps);
}

/**
 * The most Home tabs of one job, and how long it draws. The next one goes on. Slack lists the channels of about 50
 * people a minute, and other jobs wait for a worker.
 */
const MOST_HOMES = 40;
const MOST_MS = 10_000;

/**
 * Draws Home tabs again that were opened lately and whose channels have changed since.
 * @throws {DatabaseTrouble}
 */
export async function drawHomesAgain(deps: HomeDeps): Promise<void> {
  const { tenant, services } = deps;
  const until = performance.now() + MOST_MS;
  for (let n = 0; n < MOST_HOMES && performance.now() < until; n++) {
    const opening = await services.tracker.nextHome({ tenant });
    if (opening === undefined) return;
    await drawHome({ ...opening, isOpened: false }, deps);
  }
}
