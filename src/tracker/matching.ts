import { type Statement, sql } from '../database/statement.ts';
import { type Filter, typeWord } from '../filter.ts';
import { isIn } from './known.ts';

/**
 * A filter with what its parts mean: the Jira account of the person, undefined if the filter names none, and the keys of
 * the projects that may be shown, none for all. Issues that may not be shown match no filter, since a match tells what is in them.
 */
export type Matching = { filter: Filter; account: string | undefined; projects: readonly string[] };

/** Whether the issue in a row named `known` passes a filter. */
export function matches({ filter, account, projects }: Matching): Statement {
  const { assignee, type, staleDays, phrases } = filter;
  const conditions = [
    sql`known.gone_at is null and ${isIn(projects)}`,
    ...(assignee?.kind === 'person' ? [sql`known.assignee_id = ${account ?? null}`] : []),
    ...(assignee?.kind === 'name'
      ? [sql`position(lower(${` ${assignee.name}`}::text) in lower(' ' || known.assignee)) > 0`]
      : []),
    ...(assignee?.kind === 'nobody' ? [sql`known.assignee is null`] : []),
    ...(type === undefined
      ? []
      : [sql`regexp_replace(lower(known.type), '[[:space:]_-]+', '', 'g') = ${typeWord(type)}`]),
    ...(staleDays === undefined
      ? []
      : [
          sql`known.status_category <> 'done' and known.jira_updated_at <= now() - make_interval(days => ${staleDays})`,
        ]),
    ...phrases.map((phrase) => sql`position(lower(${phrase}::text) in lower(known.summary)) > 0`),
  ];
  return conditions.reduce((all, each) => sql`${all} and ${each}`);
}
