import type { Played } from '../acts.ts';
import type { World } from '../world.ts';

/** Slack asks to wait so long, in seconds. */
const RETRY_AFTER = 5;
const EVERY_CALL = 1_000_000;

/** What goes wrong at Slack's end and with the database. */
export function troubleActs(world: World): Played<'twice' | 'revoke' | 'dropSocket' | 'limit' | 'restartDatabase'> {
  const { switches, sandbox } = world;
  const { trouble } = sandbox.slack;
  return {
    twice({ on }) {
      trouble.twice(on);
      switches.twice = on;
    },
    revoke({ on }) {
      trouble.revoke(on);
      switches.revoked = on;
    },
    dropSocket: () => trouble.drop(),
    limit({ channel, on }) {
      const others = switches.limited.filter((each) => each !== channel);
      switches.limited = on ? [...others, channel] : others;
      if (on) trouble.rateLimit('chat.postMessage', { channel, times: EVERY_CALL, retryAfter: RETRY_AFTER });
      else trouble.lift('chat.postMessage', channel);
    },
    async restartDatabase() {
      const { restart } = sandbox.database;
      if (restart === undefined) throw new Error('The sandbox cannot restart the server at DATABASE_URL.');
      switches.database = 'restarting';
      try {
        await restart();
      } finally {
        switches.database = 'up';
      }
    },
  };
}
