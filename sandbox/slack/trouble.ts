import type { Clock } from './clock.ts';
import type { Events } from './delivery.ts';
import type { Json } from './log.ts';
import { methods } from './methods.ts';
import type { SocketMode } from './socket-mode.ts';
import { createTiers, type Tiers } from './tier.ts';

const MINUTE_MS = 60_000;

export interface RateLimit {
  /** So many calls are answered 429; 1 unless told. */
  times?: number;
  /** Seconds, as the Retry-After header says them; 1 unless told. */
  retryAfter?: number;
  /** Only calls for this channel. */
  channel?: string;
}

/** What goes wrong at Slack's end, switched on by tests. */
export interface Trouble {
  rateLimit(method: string, limit?: RateLimit): void;
  /** From now on counts the calls of each method, and answers 429 to those beyond its tier, until it is switched off. */
  tiers(on: boolean): void;
  /** Takes the rate limits of a method back, those for one channel or all. */
  lift(method: string, channel?: string): void;
  /**
   * Histories and threads come in pages of 15, once a minute, as for apps that are sold outside of Slack's marketplace:
   * https://docs.slack.dev/reference/methods/conversations.replies
   */
  unlisted(on: boolean): void;
  /** The Web API is gone: HTTP 500 with a page of HTML, or, with `reset`, connections that break. */
  down(on: boolean, how?: 'error' | 'reset'): void;
  /** The next `times` calls of the method answer `{ ok: false, error }`: `token_revoked`, `account_inactive`. */
  fail(method: string, error: string, times?: number): void;
  /** The next `times` calls of the method are carried out, and their answers are lost. */
  lose(method: string, times?: number): void;
  /** The bot's token is refused as revoked, until it is given back. */
  revoke(on: boolean): void;
  /** Delivers every event that was acknowledged a second time. */
  twice: Events['twice'];
  /** From now on holds every second delivery back for so many milliseconds, so that later ones overtake it; 0: none. */
  holdBack(ms: number): void;
  /** Ends the response_urls that were given out so far, as if half an hour had passed. */
  expireUrls(): void;
  /** This Slack does not have a type of block yet, and refuses messages with one, until it is switched off. */
  unsupported(type: string, on: boolean): void;
  /** Asks every Socket Mode client to reconnect. */
  refresh(reason?: 'refresh_requested' | 'warning' | 'link_disabled'): void;
  /** Cuts every Socket Mode connection without a word. */
  drop(): void;
  /** The connections of this moment stay open, and nothing passes through them until it is switched off. */
  silence(on: boolean): void;
}

/** What the Web API does to a call in place of answering it. */
export type Mishap =
  | { how: 'error' }
  | { how: 'reset' }
  /** The call is carried out, and its answer never arrives. */
  | { how: 'lost' }
  | { how: 'rate'; retryAfter: number }
  | { how: 'fail'; error: string };

export function createTrouble(
  socketMode: SocketMode,
  events: Events,
  holdBack: (ms: number) => void,
  expireUrls: () => void,
  clock: Clock,
  unsupported: (type: string, on: boolean) => void,
): Trouble & { strike(method: string, args: Json): Mishap | undefined } {
  const pending: { method: string; channel?: string; left: number; mishap: Mishap }[] = [];
  let down: Mishap | undefined;
  let revoked = false;
  /** When each of the methods with a limit of their own was called last; undefined while they have none. */
  let lastCalls: Map<string, number> | undefined;
  function limitUnlisted(method: string, args: Json): Mishap | undefined {
    if (lastCalls === undefined || !['conversations.history', 'conversations.replies'].includes(method))
      return undefined;
    const since = clock.now() - (lastCalls.get(method) ?? Number.NEGATIVE_INFINITY);
    if (since < MINUTE_MS) return { how: 'rate', retryAfter: Math.ceil((MINUTE_MS - since) / 1000) };
    lastCalls.set(method, clock.now());
    args.limit = String(Math.min(15, Number(args.limit ?? 15)));
    return undefined;
  }
  let tiers: Tiers | undefined;
  return {
    rateLimit(method, { times = 1, retryAfter = 1, channel } = {}) {
      pending.push({ method, left: times, mishap: { how: 'rate', retryAfter }, ...(channel ? { channel } : {}) });
    },
    tiers(on) {
      tiers = on ? createTiers(clock) : undefined;
    },
    lift(method, channel) {
      for (const each of pending) if (each.method === method && each.channel === channel) each.left = 0;
    },
    unlisted(on) {
      lastCalls = on ? new Map() : undefined;
    },
    down(on, how = 'error') {
      down = on ? { how } : undefined;
    },
    fail(method, error, times = 1) {
      pending.push({ method, left: times, mishap: { how: 'fail', error } });
    },
    lose(method, times = 1) {
      pending.push({ method, left: times, mishap: { how: 'lost' } });
    },
    revoke(on) {
      revoked = on;
    },
    twice: events.twice,
    holdBack,
    expireUrls,
    unsupported,
    refresh: (reason = 'refresh_requested') => socketMode.disconnect(reason),
    drop: () => socketMode.drop(),
    silence: (on) => socketMode.silence(on),
    strike(method, args) {
      if (down) return down;
      // The app-level token is another one.
      if (revoked && method !== 'apps.connections.open') return { how: 'fail', error: 'token_revoked' };
      const hit = pending.find(
        (each) => each.left > 0 && each.method === method && (!each.channel || each.channel === args.channel),
      );
      if (hit) hit.left -= 1;
      if (hit) return hit.mishap;
      const tier = Object.hasOwn(methods, method) ? methods[method]?.tier : undefined;
      const retryAfter = tier && tiers?.count(method, tier, args.channel);
      return retryAfter === undefined ? limitUnlisted(method, args) : { how: 'rate', retryAfter };
    },
  };
}
