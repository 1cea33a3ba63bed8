import type { Clock } from './clock.ts';
import type { Json } from './log.ts';
import { Refusal } from './refusal.ts';

export type DeliveryType = 'events_api' | 'slash_commands' | 'interactive';

/** One thing that Slack hands to the app, over whichever wire. */
export interface Delivery {
  type: DeliveryType;
  payload: Json;
  retry?: { num: number; reason: string };
}

/** `body` is what the app answered with: an object, a text, or nothing. */
export type Ack =
  | { ok: true; body: unknown }
  | { ok: false; reason: 'http_timeout' | 'connection_failed' | 'http_error'; status?: number };

export interface Transport {
  deliver(delivery: Delivery): Promise<Ack>;
}

/** A way to the app on which every second delivery can be held back, so that later ones overtake it. */
export function createOvertaking(transport: () => Transport, clock: Clock): Transport & { holdBack(ms: number): void } {
  let heldBackMs = 0;
  let count = 0;
  return {
    async deliver(delivery) {
      const ms = heldBackMs;
      if (ms > 0 && count++ % 2 === 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
      return transport().deliver(delivery);
    },
    holdBack(ms) {
      heldBackMs = ms;
    },
  };
}

/** Slack: an app answers within three seconds. */
export const ackMs = 3000;

/** Why a person sees an error in place of an answer. */
export function ackRefusal(ack: Ack & { ok: false }, what: string): Refusal {
  if (ack.reason === 'http_timeout') {
    const why = `The app did not acknowledge ${what} within ${ackMs} ms.`;
    return new Refusal('operation_timeout', why, 'interactivity/implementing-slash-commands');
  }
  const status = ack.status ? ` (HTTP ${ack.status})` : '';
  const why = `${what} did not reach the app: ${ack.reason.replace('_', ' ')}${status}.`;
  return new Refusal('dispatch_failed', why, 'interactivity/implementing-slash-commands');
}

export interface Events {
  /** Delivers an event and, when nobody acknowledges, again: at once, after one minute and after five. */
  send(payload: Json, retry?: { num: number; reason: string }): Promise<Ack>;
  /** Makes the retries that are waiting now; settles when each was tried once. */
  retryNow(): Promise<void>;
  /** From now on delivers each event that was acknowledged a second time, as Slack does when the acknowledgement got lost. */
  twice(on: boolean): void;
}

/** Slack: three retries of an event. */
const retryDelays = [0, 60_000, 300_000];

export function createEvents(transport: Transport, clock: Clock): Events {
  const waiting = new Set<() => Promise<Ack>>();
  let twice = false;
  async function send(payload: Json, retry?: { num: number; reason: string }): Promise<Ack> {
    const ack = await transport.deliver({ type: 'events_api', payload, ...(retry ? { retry } : {}) });
    const num = retry?.num ?? 0;
    const delay = retryDelays[num];
    if (ack.ok && twice && num === 0) void send(payload, { num: 1, reason: 'http_timeout' });
    if (ack.ok || delay === undefined) return ack;
    const again = () => {
      waiting.delete(again);
      off();
      return send(payload, { num: num + 1, reason: ack.reason });
    };
    waiting.add(again);
    const off = clock.after(delay, again);
    return ack;
  }
  return {
    send,
    twice(on) {
      twice = on;
    },
    async retryNow() {
      await Promise.all([...waiting].map((again) => again()));
    },
  };
}
