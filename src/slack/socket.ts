import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import { WebAPIRateLimitedError } from '@slack/web-api';
import type { Log } from '../log.ts';
import { refusalOf, slackError } from './refusal.ts';

/** A Socket Mode connection that is renewed whenever it is lost. */
export type Socket = {
  /**
   * Connects. Waits while Slack cannot be reached.
   * @throws the error with which Slack refuses the app-level token.
   */
  start(): Promise<void>;
  /** Closes the connection, and opens no other. */
  stop(): void;
  isOpen(): boolean;
  /** Resolves when Slack has refused the token for ten minutes, and Maro has stopped trying. */
  refused: Promise<void>;
};

/** The longest pause between two attempts, unless Slack asks for a longer one. */
const LONGEST_PAUSE_MS = 30_000;
/** The longest pause that Slack can ask for. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** After a connection that lasted this long, the next attempt follows at once. Slack renews connections after hours. */
const LASTING_MS = 10_000;
/** A token that was revoked stays so. But while Slack has an outage, it has refused valid tokens as well. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/**
 * Keeps a client of Slack's SDK connected. The client must not reconnect by itself: the SDK ends the process with an unhandled
 * rejection for some refusals of the token, and tries again without an end for others.
 */
export function createSocket(
  client: SocketModeReceiver['client'],
  log: Log,
  { giveUpAfterMs = GIVE_UP_AFTER_MS }: { giveUpAfterMs?: number } = {},
): Socket {
  const refused = Promise.withResolvers<void>();
  const stopping = new AbortController();
  let isOpen = false;
  let isConnecting = false;
  let openedAt = 0;
  /** The failures since a connection was last opened, or 1 if it was lost soon. */
  let failures = 0;
  client.on('connected', () => {
    isOpen = true;
    openedAt = performance.now();
  });
  client.on('close', () => {
    isOpen = false;
  });
  client.on('disconnected', () => {
    if (isConnecting || stopping.signal.aborted) return;
    const lostAt = performance.now();
    failures = lostAt - openedAt > LASTING_MS ? 0 : 1;
    log.info('disconnected from Slack');
    void connect({ isFirst: false }).then(() => {
      if (isOpen) log.info({ durationMs: Math.round(performance.now() - lostAt) }, 'reconnected to Slack');
    });
  });

  async function connect({ isFirst }: { isFirst: boolean }): Promise<void> {
    isConnecting = true;
    try {
      await keepTrying(isFirst);
    } finally {
      isConnecting = false;
    }
  }

  async function keepTrying(isFirst: boolean): Promise<void> {
    const startedAt = performance.now();
    let error: unknown;
    while (!stopping.signal.aborted) {
      if (failures > 0) await sleep(pauseMs(error, failures), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        await client.start();
        if (stopping.signal.aborted) void client.disconnect();
        return;
      } catch (caught) {
        error = caught;
      }
      if (stopping.signal.aborted) return;
      failures += 1;
      const refusal = refusalOf(error);
      if (refusal === undefined) {
        // The SDK names no error for a connection that was closed before Slack greeted it.
        log.warn({ error: error === undefined ? 'closed' : slackError(error), failures }, 'no connection to Slack yet');
        continue;
      }
      if (isFirst) throw error;
      log.error({ error: refusal, failures }, REFUSED);
      if (performance.now() - startedAt > giveUpAfterMs) return refused.resolve();
    }
  }

  return {
    start: () => connect({ isFirst: true }),
    stop() {
      stopping.abort();
      void client.disconnect();
    },
    isOpen: () => isOpen,
    refused: refused.promise,
  };
}

const REFUSED =
  'Slack refuses SLACK_APP_TOKEN, so nothing that people do reaches Maro. Create a new token, set the variable, and restart Maro.';

/** The pause before the next attempt: what Slack asks for, or about one second, doubled with each failure. */
function pauseMs(error: unknown, failures: number): number {
  if (error instanceof WebAPIRateLimitedError) return Math.min(error.retryAfter * 1000, LONGEST_RETRY_AFTER_MS);
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
}
