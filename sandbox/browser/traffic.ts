import type { Request } from '../jira/index.ts';
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

/** What went over a wire, as the inspector shows it: in order of time, with tokens masked. */
export function traffic(entries: readonly Entry[], requests: readonly Request[]): Traffic[] {
  const slack = entries.slice(-MOST_TRAFFIC).map((entry, index): Omit<Traffic, 'id'> & { order: number } => ({
    order: index,
    at: entry.at,
    between: NAMES[entry.kind],
    name: entry.kind === 'ack' ? `ack ${entry.name}` : entry.kind === 'response_url' ? 'response_url' : entry.name,
    sent: entry.args,
    answer: entry.answer,
    bad: entry.refusal !== undefined || (entry.answer as { ok?: unknown } | undefined)?.ok === false,
  }));
  const jira = requests.slice(-MOST_TRAFFIC).map((request, index): Omit<Traffic, 'id'> & { order: number } => ({
    order: index,
    at: request.at.getTime(),
    between: 'Maro → Jira',
    name: `${request.method} ${request.path.replace('/rest/api/3', '')}`,
    sent: request.body,
    answer: request.status === null ? undefined : { status: request.status, body: request.answer },
    bad: request.status === null || request.status >= 400,
  }));
  const first = entries.length + requests.length;
  return [...slack, ...jira]
    .sort((a, b) => a.at - b.at || a.order - b.order)
    .slice(-MOST_TRAFFIC)
    .map(({ order, ...each }, index, all) => masked({ ...each, id: first - all.length + index }));
}

function masked(entry: Traffic): Traffic {
  return JSON.parse(JSON.stringify(entry).replace(SECRET, '$1-…'));
}
