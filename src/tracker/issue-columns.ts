import { type Statement, sql } from '../database/statement.ts';
import type { Issue } from '../issue.ts';

/** The columns of `valuesOf`. */
export const ISSUE_COLUMNS = sql`
  issue_id, issue_key, summary, status, status_category, assignee, type, priority, jira_updated_at, assignee_id, due_date`;

/** One array for each of `ISSUE_COLUMNS`, as arguments of `unnest`. An issue given by its id alone has null in the other columns. */
export function valuesOf(issues: readonly (Issue | Pick<Issue, 'id'>)[]): Statement {
  const column = (of: (issue: Issue) => string | undefined) =>
    issues.map((issue) => ('key' in issue ? (of(issue) ?? null) : null));
  return sql`
    ${issues.map(({ id }) => id)}::text[], ${column((i) => i.key)}::text[], ${column((i) => i.summary)}::text[],
    ${column((i) => i.status)}::text[], ${column((i) => i.category)}::text[], ${column((i) => i.assignee)}::text[],
    ${column((i) => i.type)}::text[], ${column((i) => i.priority)}::text[],
    ${column((i) => i.updatedAt?.toISOString())}::text[]::timestamptz[], ${column((i) => i.assigneeId)}::text[],
    ${column((i) => i.dueDate)}::text[]::date[]`;
}
