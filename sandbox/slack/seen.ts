import type { Clock } from './clock.ts';
import type { Message } from './messages.ts';
import type { Refusal } from './refusal.ts';
import type { View } from './views.ts';

/** What a person sees because of something they did. */
export interface Seen {
  /** Messages in the order in which they appeared or changed, the app's immediate answer first. Grows by itself. */
  messages: Message[];
  /** Views that opened or changed, likewise. */
  views: View[];
  /** After a submit: the sentences the app put under its fields, by block_id. */
  errors: Record<string, string>;
  /** From the act to the app's acknowledgement, in milliseconds of Slack's clock. */
  elapsed_ms: number;
  /**
   * The next message that appears or changes after the acknowledgement, waited for if need be (10 s unless told).
   * Rejects with a Refusal when Slack refused what the app sent instead.
   */
  next(ms?: number): Promise<Message>;
  /** The next view that this act has shown and nobody asked for yet, likewise. */
  nextView(ms?: number): Promise<View>;
}

export interface Sight {
  message?: Message;
  view?: View;
  refusal?: Refusal;
  /** The act that brought it about, where Slack's wire tells; otherwise everybody concerned sees it. */
  act?: string | undefined;
  seenBy(user: string, channel: string): boolean;
}

export interface Sights {
  show(sight: Sight): void;
  /** Calls back for everything that is shown to anybody; answers the function that ends it. */
  watch(listener: (sight: Sight) => void): () => void;
  open(act: string, user: string, channel: string): Sighting;
}

export interface Sighting {
  seen: Seen;
  /** The app has acknowledged: what comes from now on is for `next()`. */
  settle(): void;
}

/** Remembered acts; a message that names no act (chat.postMessage) is offered to so many of the latest. */
const remembered = 200;

export function createSights(clock: Clock): Sights {
  const listeners = new Set<(sight: Sight) => void>();
  const acts = new Map<string, (sight: Sight) => void>();
  return {
    show(sight) {
      for (const listener of listeners) listener(sight);
      if (sight.act) acts.get(sight.act)?.(sight);
      else for (const offer of [...acts.values()].slice(-remembered)) offer(sight);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open(act, user, channel) {
      const started = clock.now();
      const messages: Message[] = [];
      const views: View[] = [];
      const toCome = createQueue<Message>('message');
      const viewsToCome = createQueue<View>('view');
      let settled = false;
      const seen: Seen = { messages, views, errors: {}, elapsed_ms: 0, next: toCome.next, nextView: viewsToCome.next };
      acts.set(act, (sight) => {
        if (!sight.act && !sight.seenBy(user, channel)) return;
        if (sight.refusal) toCome.put(sight.refusal);
        if (sight.view) {
          views.push(sight.view);
          viewsToCome.put(sight.view);
        }
        if (!sight.message) return;
        messages.push(sight.message);
        if (settled) toCome.put(sight.message);
      });
      const settle = () => {
        settled = true;
        seen.elapsed_ms = clock.now() - started;
      };
      return { seen, settle };
    },
  };
}

/** First come, first served, on both sides. */
function createQueue<T>(noun: string) {
  const waiting: ((item: T | Refusal) => void)[] = [];
  const items: (T | Refusal)[] = [];
  const put = (item: T | Refusal) => {
    const first = waiting.shift();
    if (first) first(item);
    else items.push(item);
  };
  const next = (ms = 20_000) =>
    new Promise<T>((resolve, reject) => {
      const take = (item: T | Refusal) => {
        clearTimeout(deadline);
        if (item instanceof Error) reject(item);
        else resolve(item);
      };
      const deadline = setTimeout(() => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(new Error(`No further ${noun} appeared within ${ms} ms.`));
      }, ms).unref();
      const item = items.shift();
      if (item === undefined) waiting.push(take);
      else take(item);
    });
  return { put, next };
}
