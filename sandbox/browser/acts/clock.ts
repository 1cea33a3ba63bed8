import { MORNING, untilTomorrow } from '../../clock/index.ts';
import { zoneOf } from '../../slack/workspace.ts';
import type { Played } from '../acts.ts';
import type { World } from '../world.ts';

/** What time it is. */
export function clockActs({ sandbox }: World): Played<'moveClock' | 'sleepUntilMorning'> {
  const { clock, slack } = sandbox;
  return {
    moveClock: ({ ms }) => clock.move(ms),
    sleepUntilMorning: ({ user }) =>
      clock.move(untilTomorrow(MORNING, clock.now(), zoneOf(slack.workspace.user(user)))),
  };
}
