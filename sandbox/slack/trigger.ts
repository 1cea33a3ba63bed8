import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { Refusal } from './refusal.ts';
import type { User } from './workspace.ts';

/** Slack: a trigger_id is good for three seconds, once. */
const lifetimeMs = 3000;

export interface Trigger {
  user: User;
  act: string;
}

export interface Triggers {
  create(trigger: Trigger): string;
  /** Whose act it was; throws what views.open answers to an unknown, late or used trigger_id. */
  check(trigger_id: unknown): Trigger;
  use(trigger_id: unknown): void;
}

export function createTriggers(clock: Clock): Triggers {
  const triggers = new Map<unknown, Trigger & { until: number; used: boolean }>();
  const refuse = (error: string, why: string) => new Refusal(error, why, 'reference/methods/views.open');
  return {
    create(trigger) {
      const id = `${triggers.size + 1}.${clock.now()}.${randomBytes(8).toString('hex')}`;
      triggers.set(id, { ...trigger, until: clock.now() + lifetimeMs, used: false });
      return id;
    },
    check(trigger_id) {
      const trigger = triggers.get(trigger_id);
      if (!trigger)
        throw refuse('invalid_trigger_id', `"${String(trigger_id)}" is not one that Slack gave to the app.`);
      if (trigger.used) throw refuse('exchanged_trigger_id', 'The trigger_id has already been used.');
      if (clock.now() > trigger.until)
        throw refuse('expired_trigger_id', `The trigger_id is older than ${lifetimeMs} ms.`);
      return trigger;
    },
    use(trigger_id) {
      const trigger = triggers.get(trigger_id);
      if (trigger) trigger.used = true;
    },
  };
}
