import type { Clock } from './clock.ts';

/** `special` has a rule of its own for each method. */
export type Tier = 1 | 2 | 3 | 4 | 'special';

/** Calls a minute, per method, app, and workspace: docs.slack.dev/apis/web-api/rate-limits. */
const A_MINUTE: Record<Exclude<Tier, 'special'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };
const MINUTE_MS = 60_000;
/** The same page: chat.postMessage takes “one message per second per channel”. Bursts, which Slack may take, are refused here. */
const POST_MS = 1_000;

export interface Tiers {
  /** Counts a call. Answers the seconds to wait when it is one too many, and then does not count it. */
  count(method: string, tier: Tier, channel: unknown): number | undefined;
}

/** Counts the calls of one app in one workspace. */
export function createTiers(clock: Clock): Tiers {
  const calls = new Map<string, number[]>();
  return {
    count(method, tier, channel) {
      if (tier === 'special' && method !== 'chat.postMessage') return undefined;
      const [key, most, spanMs] =
        tier === 'special' ? [`${method} ${channel}`, 1, POST_MS] : [method, A_MINUTE[tier], MINUTE_MS];
      const now = clock.now();
      const recent = (calls.get(key) ?? []).filter((at) => at > now - spanMs);
      calls.set(key, recent);
      if (recent.length < most) {
        recent.push(now);
        return undefined;
      }
      return Math.max(1, Math.ceil(((recent[0] as number) + spanMs - now) / 1000));
    },
  };
}
