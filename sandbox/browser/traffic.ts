import type { Delivery, Request } from '../jira/index.ts';
import type { Entry } from '../slack/index.ts';
import type { Traffic } from './protocol.ts';

/** The page keeps so many; what is older is forgotten there. */
export const MOST_TRAFFIC = 500;

const SECRET = /\b(xox[a-z]|xapp|xwfp)-[\w-]+/g;
const NAMES: Record<Entry['kind'], Traffic['between']> = {
  call: 'Maro → Slack',
  response_url: 'Maro → Slack',
  delivery: 'Slack → Maro',
  ack: 'Maro → Slack',
};

type Shown = Omit<Traffic, 'id'>;

/**
 * What went over a wire, as the inspector shows it: in order of time, with tokens masked. The function that is returned gives
 * the same list for as long as nothing has changed, so it costs little to ask often.
 */
export function createTraffic(
  entries: readonly Entry[],
  requests: readonly Request[],
  deliveries: readonly Delivery[],
): () => readonly Traffic[] {
  const masked = createMasked();
  let before: readonly Shown[] = [];
  let told: readonly Traffic[] = [];
  return () => {
    const now = [
      ...entries.slice(-MOST_TRAFFIC).map((entry) => masked(entry, [entry.args, entry.answer, entry.refusal], ofSlack)),
      ...requests.slice(-MOST_TRAFFIC).map((request) => masked(request, [request.status, request.answer], ofJira)),
      ...deliveries.slice(-MOST_TRAFFIC).map((delivery) => masked(delivery, [delivery.statuses.length], ofWebhook)),
    ];
    if (now.length === before.length && now.every((each, index) => each === before[index])) return told;
    before = now;
    // What has the same time stays in the order that it has here.
    const latest = now.toSorted((a, b) => a.at - b.at).slice(-MOST_TRAFFIC);
    const first = entries.length + requests.length + deliveries.length - latest.length;
    told = latest.map((each, index) => ({ id: first + index, ...each }));
    return told;
  };
}

function ofSlack(entry: Entry): Shown {
  return {
    at: entry.at,
    between: NAMES[entry.kind],
    name: entry.kind === 'ack' ? `ack ${entry.name}` : entry.kind === 'response_url' ? 'response_url' : entry.name,
    sent: entry.args,
    answer: entry.answer,
    bad: entry.refusal !== undefined || (entry.answer as { ok?: unknown } | undefined)?.ok === false,
  };
}

function ofJira(request: Request): Shown {
  return {
    at: request.at.getTime(),
    between: 'Maro → Jira',
    name: `${request.method} ${request.path.replace('/rest/api/3', '')}`,
    sent: request.body,
    answer: request.status === null ? undefined : { status: request.status, body: request.answer },
    bad: request.status === null || request.status >= 400,
  };
}

function ofWebhook({ at, body, statuses }: Delivery): Shown {
  return {
    at: at.getTime(),
    between: 'Jira → Maro',
    name: String(body.webhookEvent),
    sent: body,
    answer: statuses.length === 0 ? undefined : { statuses },
    bad: !statuses.some((status) => status !== null && status < 300),
  };
}

/** Masks each thing once, and again when one of its `parts` that may still change is another one. */
function createMasked() {
  const known = new WeakMap<object, { parts: readonly unknown[]; shown: Shown }>();
  return <T extends object>(thing: T, parts: readonly unknown[], show: (thing: T) => Shown): Shown => {
    const before = known.get(thing);
    if (before?.parts.every((part, index) => part === parts[index])) return before.shown;
    const shown: Shown = JSON.parse(JSON.stringify(show(thing)).replace(SECRET, '$1-…'));
    known.set(thing, { parts, shown });
    return shown;
  };
}
