import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { WebhookTrouble } from './webhook-trouble.ts';

/** A webhook as an administrator registers it in Jira. Without a secret, nothing is signed. */
export type Hook = { url: string; secret?: string | undefined };

/** An event that was sent, or would have been. `statuses` are the answers to each try; null is none. */
export type Delivery = {
  identifier: string;
  flow: 'Primary' | 'Secondary';
  body: Record<string, unknown>;
  statuses: (number | null)[];
  at: Date;
};

/**
 * Jira's webhooks. An event that is not taken is sent again, at most five times, with the same identifier: "Retry policy",
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
export type Webhooks = {
  /** Where events go from now on; undefined: nowhere. */
  register(hook: Hook | undefined): void;
  registered(): Hook | undefined;
  trouble(trouble: WebhookTrouble | undefined): void;
  /** Between two tries, in milliseconds: at first 1,000, where Jira waits for five to fifteen minutes. */
  pauseMs: number;
  /** How long an answer may take, in milliseconds. */
  answerMs: number;
  deliveries: Delivery[];
  /** Sends any body, as Jira would. */
  send(body: Record<string, unknown>, flow?: Delivery['flow']): void;
  /** Until nothing is on its way, also what is sent again. */
  settled(): Promise<void>;
  /** Sends nothing any more. */
  stop(): void;
};

const retries = 5;
const delayMs = 5_000;
/** So many events are on their way at a time, so that a burst does not take every socket. */
const atATime = { Primary: 20, Secondary: 10 };
const retried = (status: number | null) =>
  status === null || [408, 409, 425, 429].includes(status) || (status >= 500 && status <= 599);

export function createWebhooks(now: () => number): Webhooks {
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  const limits = { Primary: pLimit(atATime.Primary), Secondary: pLimit(atATime.Secondary) };
  let hook: Hook | undefined;
  let trouble: WebhookTrouble | undefined;
  let times = 0;
  let held: (() => Promise<void>)[] = [];

  function track(work: () => Promise<void>): void {
    const promise = work().finally(() => underWay.delete(promise));
    underWay.add(promise);
  }

  function take(): WebhookTrouble | undefined {
    const taken = trouble;
    times -= 1;
    if (times <= 0) trouble = undefined;
    return taken;
  }

  /** Those that were held back come after `work`. */
  function go(work: () => Promise<void>): void {
    const late = held;
    held = [];
    track(async () => {
      for (const each of [work, ...late]) await each();
    });
  }

  async function tryAll(to: Hook, delivery: Delivery, firstTry = 0): Promise<void> {
    for (let retry = firstTry; retry <= retries; retry += 1) {
      if (retry > firstTry) await pause(webhooks.pauseMs);
      if (stopping.signal.aborted) return;
      const status = await limits[delivery.flow](() => post(to, delivery, retry));
      delivery.statuses.push(status);
      if (!retried(status)) return;
    }
  }

  async function post({ url, secret }: Hook, { identifier, flow, body }: Delivery, retry: number) {
    const text = JSON.stringify(body);
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(webhooks.answerMs)]),
        headers: {
          'content-type': 'application/json; charset=UTF-8',
          'user-agent': 'Atlassian Webhook HTTP Client',
          'x-atlassian-webhook-identifier': identifier,
          'x-atlassian-webhook-flow': flow,
          ...(retry > 0 && { 'x-atlassian-webhook-retry': String(retry) }),
          ...(secret !== undefined && {
            'x-hub-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
          }),
        },
        body: text,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }

  async function pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }

  const webhooks: Webhooks = {
    register(next) {
      hook = next;
    },
    registered: () => hook,
    trouble(next) {
      trouble = next?.times === 0 ? undefined : next;
      times = next?.times ?? Number.POSITIVE_INFINITY;
      if (held.length > 0) go(async () => {});
    },
    pauseMs: 1_000,
    answerMs: 20_000,
    deliveries: [],
    send(body, flow = 'Primary') {
      if (hook === undefined) return;
      const to = hook;
      const taken = take();
      const record = (): Delivery => {
        const sent = taken?.kind === 'bare' ? bare(body) : body;
        const delivery = { identifier: randomUUID(), flow, body: sent, statuses: [], at: new Date(now()) };
        webhooks.deliveries.push(delivery);
        return delivery;
      };
      const first = record();
      switch (taken?.kind) {
        case 'lost':
          return;
        case 'delayed':
          return track(async () => {
            await pause(taken.ms ?? delayMs);
            await tryAll(to, first);
          });
        case 'reordered':
          if (held.length > 0) go(() => tryAll(to, first));
          else held.push(() => tryAll(to, first));
          return;
        case 'doubled':
          return go(async () => {
            await tryAll(to, first);
            await tryAll(to, first, 1);
          });
        case 'repeated': {
          const second = record();
          return go(async () => {
            await tryAll(to, first);
            await tryAll(to, second);
          });
        }
        default:
          go(() => tryAll(to, first));
      }
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: () => stopping.abort(),
  };
  return webhooks;
}

/** https://github.com/mattermost/mattermost-plugin-jira/issues/1272 and 1269, 1299 */
function bare(body: Record<string, unknown>): Record<string, unknown> {
  const { user, ...rest } = body;
  const { changelog, comment } = rest as { changelog?: object; comment?: object };
  return {
    ...rest,
    ...(changelog && { changelog: { ...changelog, items: [] } }),
    ...(comment && { comment: { ...comment, body: '' } }),
  };
}
