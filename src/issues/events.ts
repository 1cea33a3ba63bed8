import type { JiraEvent } from '../jira/event.ts';
import { together } from '../together.ts';
import { Trouble } from '../trouble.ts';
import { readAgain, type SyncDeps } from './sync.ts';

/**
 * Stores what the body of one of Jira's webhooks says. `id` is the event's. An event that came before changes nothing.
 * @returns whether Maro could read the body.
 * @throws {JiraTrouble} if an issue has to be read again, or the site is not known yet, and Jira cannot be asked.
 * @throws {DatabaseTrouble}
 */
export type TakeEvent = (body: unknown, id: string) => Promise<boolean>;

type Event = { id: string; issueId: string; said: Omit<JiraEvent, 'doubtful'> };

/** How long an event waits for others. Jira sends one event for each issue of a bulk change, many at the same time. */
const WAIT_MS = 1;

/** Returns a function that takes events. Events that arrive together are stored by one statement. */
export function createTakeEvent(deps: SyncDeps): TakeEvent {
  const { tenant, services } = deps;
  const store = together<Event>(WAIT_MS, async (events) => {
    for (const part of partsOf(events)) await storeAll(part, deps);
  });
  return async (body, id) => {
    const event = await services.jira.event(body);
    if (event === undefined) return false;
    const { doubtful, ...said } = event;
    const [issueId] = [...said.issues.map((issue) => issue.id), ...said.gone, ...said.changes.map((c) => c.issueId)];
    if (doubtful.length > 0) {
      const site = await services.jira.siteId();
      const items = await services.tracker.stored({ tenant, site, ids: doubtful });
      if (items.length > 0) await readAgain(items, site, deps);
    } else if (issueId !== undefined) await store({ id, issueId, said });
    return true;
  };
}

/** Splits the events into parts, so that each part has at most one event of an issue. The events of an issue stay in order. */
function partsOf(events: readonly Event[]): Event[][] {
  const parts: Event[][] = [];
  const turns = new Map<string, number>();
  for (const event of events) {
    const turn = turns.get(event.issueId) ?? 0;
    turns.set(event.issueId, turn + 1);
    parts[turn] ??= [];
    parts[turn].push(event);
  }
  return parts;
}

/** Stores events by one statement. If the statement fails because of one event, the others are stored one by one. */
async function storeAll(events: readonly Event[], deps: SyncDeps): Promise<void> {
  const { tenant, services } = deps;
  const site = await services.jira.siteId();
  const issues = events.flatMap(({ said }) => said.issues);
  const gone = events.flatMap(({ said }) => said.gone);
  const changes = events.flatMap(({ said }) => said.changes);
  try {
    await services.tracker.update({ tenant, site, issues, gone, changes, from: { kind: 'events', events } });
  } catch (error) {
    if (error instanceof Trouble || events.length === 1) throw error;
    const outcomes = await Promise.allSettled(events.map((event) => storeAll([event], deps)));
    if (outcomes.some(({ status }) => status === 'rejected')) throw error;
  }
}
