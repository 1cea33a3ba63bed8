import type { Issue } from '../../src/issue.ts';
import { STATUS_CATEGORIES } from '../../src/issue.ts';
import type { Tracking } from '../../src/tracker/track.ts';

const SITE = 'https://northwind.atlassian.net';
const STATUS = { new: 'To Do', indeterminate: 'In Progress', done: 'Done' };

/** So many issues that no Jira knows, as Jira might tell of them. */
export function madeUpIssues(count: number): Issue[] {
  return Array.from({ length: count }, (_, n): Issue => {
    const category = STATUS_CATEGORIES[n % STATUS_CATEGORIES.length] ?? 'new';
    return {
      site: SITE,
      id: String(10_000 + n),
      key: `PLAT-${n + 1}`,
      summary: `Let people find issue ${n + 1} by any part of what it is about`,
      status: STATUS[category],
      category,
      assignee: 'Mara Lindqvist',
      type: 'Story',
      priority: 'Medium',
      updatedAt: new Date('2026-11-20T09:14:03.512Z'),
    };
  });
}

/** What tracks these issues in a channel, as `/maro track` does. */
export function tracking(channel: string, issues: readonly Issue[], operation: string): Tracking {
  return {
    tenant: 'T0ACME',
    channel,
    issues: issues.map((issue) => ({ issue, askedAs: [issue.key] })),
    by: 'U0ADA',
    door: 'command',
    messageLink: undefined,
    operation,
  };
}
