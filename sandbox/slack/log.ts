import type { Clock } from './clock.ts';
import type { Refusal } from './refusal.ts';

export type Json = Record<string, unknown>;

/** One thing that went over the wire, in the order in which it happened. */
export interface Entry {
  /** `call`: the app called the Web API. `delivery`: Slack called the app. `ack`: the app's answer to a delivery. */
  kind: 'call' | 'delivery' | 'ack' | 'response_url';
  /** A method (`chat.postMessage`), an envelope type (`slash_commands`), or the act a response_url belongs to. */
  name: string;
  args: Json;
  /** What was answered; undefined while nothing was. */
  answer: unknown;
  at: number;
  refusal?: Refusal;
}

export interface Log {
  entries: Entry[];
  /** All that Slack would have refused of what the app sent: calls, answers, views, blocks. */
  refusals: Refusal[];
  add(kind: Entry['kind'], name: string, args: Json): Entry;
  refuse(refusal: Refusal, entry?: Entry): void;
  calls(method?: string): Entry[];
}

export function createLog(clock: Clock): Log {
  const entries: Entry[] = [];
  const refusals: Refusal[] = [];
  return {
    entries,
    refusals,
    add(kind, name, args) {
      const entry: Entry = { kind, name, args, answer: undefined, at: clock.now() };
      entries.push(entry);
      return entry;
    },
    refuse(refusal, entry) {
      refusals.push(refusal);
      if (entry) entry.refusal = refusal;
    },
    calls: (method) => entries.filter((entry) => entry.kind === 'call' && (!method || entry.name === method)),
  };
}
