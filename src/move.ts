import { type DigestIssue, lastIn, type Span, statusAt } from './digest.ts';

/** How the category of an issue's status can change. `moved`: from one that is not done to another. */
export const MOVES = ['done', 'reopened', 'moved'] as const;
export type MoveEvent = (typeof MOVES)[number];

/** An issue whose status has another category at the end of a span than at its beginning. */
export type Move = {
  issue: DigestIssue;
  event: MoveEvent;
  /** The names of the statuses. */
  from: string;
  to: string;
  /** Who moved it last, if Jira tells the name. */
  author: string | undefined;
  /** Maro's own Jira account moved it last. */
  byMaro: boolean;
};

/**
 * The issues whose status changed its category, of the chosen kinds. Moves there and back within the span are none.
 */
export function movesOf(issues: readonly DigestIssue[], span: Span, events: readonly string[] = MOVES): Move[] {
  return issues.flatMap((issue) => {
    const last = lastIn(issue, ['status'], span);
    const [before, now] = [statusAt(issue, span.since), statusAt(issue, span.until)];
    if (last === undefined || before.category === now.category) return [];
    const event = now.category === 'done' ? 'done' : before.category === 'done' ? 'reopened' : 'moved';
    if (!events.includes(event)) return [];
    return [{ issue, event, from: before.status, to: now.status, author: last.author, byMaro: last.byMaro }];
  });
}
