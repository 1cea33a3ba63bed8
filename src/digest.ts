import type { StatusCategory } from './issue.ts';
import type { IssueKey } from './key.ts';
import { isoDayIn } from './zone.ts';

/** What a digest tells of issues, in its order. */
export const DIGEST_EVENTS = ['done', 'reopened', 'blocked', 'new', 'left', 'stale', 'unassigned', 'overdue'] as const;
export type DigestEvent = (typeof DIGEST_EVENTS)[number];

/** An open issue is stale when nobody has updated it in Jira for this many days. */
export const STALE_DAYS = 14;
const STALE_MS = STALE_DAYS * 86_400_000;

/** A change of an issue's status, assignee, due date, or flag. */
export type DigestChange = {
  what: 'status' | 'assignee' | 'due date' | 'flagged';
  /** The name of the status or of the person, the due date, or the name of the flag before and after; undefined if there was none. */
  from: string | undefined;
  to: string | undefined;
  /** Of a status: its category before, if Maro knows it. */
  fromCategory: StatusCategory | undefined;
  /** Who made it, if Jira tells the name. */
  author: string | undefined;
  /** Made with Maro's Jira account. */
  byMaro: boolean;
  /** When Maro stored it. */
  recordedAt: Date;
};

/** An issue that a channel tracks, as Maro knows it now. */
export type DigestIssue = {
  key: IssueKey;
  summary: string;
  /** The address of its Jira site for links. */
  site: string;
  status: string;
  category: StatusCategory;
  assignee: string | undefined;
  /** The day on which it is due, such as `2026-11-20`. */
  dueDate: string | undefined;
  updatedAt: Date | undefined;
  /** When the channel began to track it, and the person who did that. Undefined: a workflow. */
  addedAt: Date;
  addedBy: string | undefined;
  /** The followed query that first brought it. Undefined: none. */
  addedVia: string | undefined;
  /** When it left the list, and the followed query that it left. Undefined: the channel tracks it. */
  left?: { at: Date; via: string } | undefined;
  /** The message from which it was tracked, if it was. */
  messageLink: string | undefined;
  /** What changed while the channel tracked it, in the order in which it happened, from the beginning of the digest's time to now. */
  changes: readonly DigestChange[];
};

/** From when to when, by the time at which Maro stored what happened. `until` belongs to it, `since` does not. */
export type Span = { since: Date; until: Date };

/** A span of a channel with the time zone whose days count there. */
export type ChannelSpan = Span & { zone: string };

/** The issues of which a digest tells the same. Never empty. */
export type DigestPart = { event: DigestEvent; issues: readonly DigestIssue[] };

/**
 * What a digest tells: of which issues something is true at the end of the span that was not true at its beginning. What changed and
 * changed back is not told. What Maro's own Jira account did is not told, nor that a person tracked an issue.
 */
export function digestOf(
  issues: readonly DigestIssue[],
  span: ChannelSpan,
  events: readonly string[] = DIGEST_EVENTS,
): DigestPart[] {
  return DIGEST_EVENTS.filter((event) => events.includes(event))
    .map((event) => ({
      event,
      issues: issues.filter((issue) => (issue.left === undefined) !== (event === 'left') && BEGAN[event](issue, span)),
    }))
    .filter((part) => part.issues.length > 0);
}

/** How many issues the parts name, each counted once. */
export function issuesIn(parts: readonly DigestPart[]): number {
  return new Set(parts.flatMap(({ issues }) => issues)).size;
}

type Status = Pick<DigestIssue, 'status' | 'category'>;

const BEGAN: Readonly<Record<DigestEvent, (issue: DigestIssue, span: ChannelSpan) => boolean>> = {
  done: (issue, span) => becomes(issue, span, ['status'], (at) => isDone(statusAt(issue, at))),
  reopened: (issue, span) => becomes(issue, span, ['status'], (at) => !isDone(statusAt(issue, at))),
  blocked: (issue, span) => becomes(issue, span, ['status', 'flagged'], (at) => isBlocked(issue, at)),
  new: ({ addedAt, addedBy }, span) => isIn(addedAt, span) && addedBy === undefined,
  left: ({ addedAt, left }, span) => left !== undefined && isIn(left.at, span) && !isIn(addedAt, span),
  stale: (issue, { since, until }) => isStale(issue, until) && !(isTracked(issue, since) && isStale(issue, since)),
  unassigned: (issue, { since, until }) =>
    isUnassigned(issue, until) &&
    !(isTracked(issue, since) && isUnassigned(issue, since)) &&
    !lastIn(issue, ['assignee'], { since, until })?.byMaro,
  overdue: (issue, { since, until, zone }) =>
    isOverdue(issue, until, zone) &&
    !(isTracked(issue, since) && isOverdue(issue, since, zone)) &&
    !lastIn(issue, ['due date'], { since, until })?.byMaro,
};

/**
 * Whether somebody changed one of these so that something is true at the end of the span that was not true at its beginning, or
 * when the channel began to track the issue.
 */
function becomes(
  issue: DigestIssue,
  span: Span,
  what: readonly DigestChange['what'][],
  isSo: (at: Date) => boolean,
): boolean {
  const last = lastIn(issue, what, span);
  return last !== undefined && !last.byMaro && isSo(span.until) && !isSo(span.since);
}

function isDone({ category }: Status): boolean {
  return category === 'done';
}

/** Jira has no category for blocked work. Either the issue is flagged, or the name of its status contains the English word. */
function isBlocked(issue: DigestIssue, at: Date): boolean {
  const status = statusAt(issue, at);
  return !isDone(status) && (isFlagged(issue, at) || /\bblocked\b/i.test(status.status));
}

/** Whether the issue had a flag, as the changes tell. Without a change of the flag, Maro does not know, and takes it for no. */
function isFlagged(issue: DigestIssue, at: Date): boolean {
  const [next] = after(issue, 'flagged', at);
  if (next !== undefined) return next.from !== undefined;
  return issue.changes.findLast(({ what }) => what === 'flagged')?.to !== undefined;
}

/** Whether the day on which the issue was due was over in the time zone. */
function isOverdue(issue: DigestIssue, at: Date, zone: string): boolean {
  const [next] = after(issue, 'due date', at);
  const dueDate = next === undefined ? issue.dueDate : next.from;
  return dueDate !== undefined && dueDate < isoDayIn(zone, at) && !isDone(statusAt(issue, at));
}

function isStale(issue: DigestIssue, at: Date): boolean {
  const { updatedAt } = issue;
  return updatedAt !== undefined && updatedAt.getTime() <= at.getTime() - STALE_MS && !isDone(statusAt(issue, at));
}

function isUnassigned(issue: DigestIssue, at: Date): boolean {
  const [next] = after(issue, 'assignee', at);
  const assignee = next === undefined ? issue.assignee : next.from;
  return assignee === undefined && !isDone(statusAt(issue, at));
}

function isTracked({ addedAt }: DigestIssue, at: Date): boolean {
  return addedAt.getTime() <= at.getTime();
}

/** The status that Maro knew at that time: what the next change left, or the present one. A status of no known category is not done. */
export function statusAt(issue: DigestIssue, at: Date): Status {
  const [next] = after(issue, 'status', at);
  return next === undefined ? issue : { status: next.from ?? '', category: next.fromCategory ?? 'new' };
}

/** The last change of these kinds in a span. */
export function lastIn(
  { changes }: DigestIssue,
  what: readonly DigestChange['what'][],
  span: Span,
): DigestChange | undefined {
  return changes.findLast((change) => what.includes(change.what) && isIn(change.recordedAt, span));
}

function after({ changes }: DigestIssue, what: DigestChange['what'], at: Date): readonly DigestChange[] {
  return changes.filter((change) => change.what === what && change.recordedAt.getTime() > at.getTime());
}

function isIn(at: Date, { since, until }: Span): boolean {
  return at.getTime() > since.getTime() && at.getTime() <= until.getTime();
}
