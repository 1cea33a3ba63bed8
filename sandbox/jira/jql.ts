import type { Indexed } from './search-index.ts';
import { wordsOf } from './search-index.ts';
import type { Project } from './seed.ts';

/** A query that the stand-in can answer. `rank` is how much of the text an issue has. */
export type Query = {
  matches(issue: Indexed): boolean;
  rank(issue: Indexed): number;
  order: { field: 'created' | 'updated' | 'id'; descending: boolean } | undefined;
};

type Clause = { matches(issue: Indexed): boolean; rank?(issue: Indexed): number };

/** Why Jira does not take a query. */
export class JqlError extends Error {}

const categories: Record<string, string> = { 'to do': 'new', 'in progress': 'indeterminate', done: 'done' };

/**
 * The part of JQL that Maro uses: clauses joined by AND, and an order. Anything else is refused, as Jira refuses what it does
 * not know: https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
 * @throws {JqlError}
 */
export function parseJql(jql: string, projects: readonly Project[], now: Date): Query {
  const { where, order } = split(jql);
  if (where === '') {
    throw new JqlError('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
  }
  const clauses = clausesOf(where).map((clause) => parseClause(clause, projects, now));
  return {
    matches: (issue) => clauses.every((clause) => clause.matches(issue)),
    rank: (issue) => clauses.reduce((sum, clause) => sum + (clause.rank?.(issue) ?? 0), 0),
    order,
  };
}

function split(jql: string): { where: string; order: Query['order'] } {
  const [, where = '', field, direction = 'ASC'] =
    /^(.*?)(?:\s*\bORDER BY\s+(\w+)(?:\s+(ASC|DESC))?)?\s*$/is.exec(jql) ?? [];
  if (field === undefined) return { where: where.trim(), order: undefined };
  const name = field.toLowerCase();
  if (name !== 'created' && name !== 'updated' && name !== 'key') {
    throw new JqlError(`Not able to sort using field '${field}'.`);
  }
  return {
    where: where.trim(),
    order: { field: name === 'key' ? 'id' : name, descending: direction.toUpperCase() === 'DESC' },
  };
}

/** Splits at AND outside of quotes. */
function clausesOf(where: string): string[] {
  const tokens = where.match(/"(?:[^"\\]|\\.)*"|\bAND\b|[^"\s]+|\s+/gi) ?? [];
  if (tokens.join('') !== where)
    throw new JqlError('Error in the JQL Query: The quoted string has not been completed.');
  const clauses = [''];
  for (const token of tokens) {
    if (/^and$/i.test(token)) clauses.push('');
    else clauses.push(`${clauses.pop()}${token}`);
  }
  return clauses.map((clause) => clause.trim());
}

function parseClause(clause: string, projects: readonly Project[], now: Date): Clause {
  const [, field = '', operator = '', quoted, bare] =
    /^([\w.[\]"]+?)\s*(!=|<=|>=|=|~|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|([\w-]+))$/s.exec(clause) ?? [];
  const value = (quoted ?? bare ?? '').replace(/\\(.)/g, '$1');
  switch (`${field.toLowerCase()} ${operator}`) {
    case 'project =':
      return ofProject(value, projects);
    case 'issuetype =':
      return ofType(value, projects);
    case 'statuscategory =':
    case 'statuscategory !=': {
      const category = categories[value.toLowerCase()];
      if (category === undefined) throw noValue(value, 'statusCategory');
      return { matches: ({ status }) => (status.category === category) === (operator === '=') };
    }
    case 'created <=':
    case 'created >=': {
      const limit = timeOf(value, now);
      return { matches: ({ created }) => (operator === '<=' ? +created <= limit : +created >= limit) };
    }
    case 'text ~':
      return withText(value);
    default:
      if (/^(issue\.property|.*\[.*\])/i.test(field)) {
        // Only properties that an installed app declares are indexed. "Entity properties", Index document configuration.
        throw new JqlError(`Field '${field}' does not exist or you do not have permission to view it.`);
      }
      throw new JqlError(
        field === '' ? `Error in the JQL Query near '${clause}'.` : `The stand-in does not search '${clause}'.`,
      );
  }
}

function ofProject(value: string, projects: readonly Project[]): Clause {
  const found = projects.find(
    ({ key, id, name, forbidden }) =>
      !forbidden && [key.toLowerCase(), id, name.toLowerCase()].includes(value.toLowerCase()),
  );
  if (found === undefined) throw noValue(value, 'project');
  return { matches: ({ project }) => project === found };
}

/** By id or by name. https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ */
function ofType(value: string, projects: readonly Project[]): Clause {
  const isMeant = ({ id, name }: { id: string; name: string }) =>
    id === value || name.toLowerCase() === value.toLowerCase();
  if (!projects.some(({ types }) => types.some(isMeant))) throw noValue(value, 'issuetype');
  return { matches: ({ type }) => isMeant(type) };
}

/** Relative to now: `-30m`, `-4h`, `-2d`, `-1w`. Times of the day depend on the time zone of the login. */
function timeOf(value: string, now: Date): number {
  const [, count, unit = ''] = /^-(\d+)([mhdw])$/.exec(value) ?? [];
  const minutes = { m: 1, h: 60, d: 1_440, w: 10_080 }[unit];
  if (minutes === undefined) throw new JqlError(`Date value '${value}' for field 'created' is invalid.`);
  return now.getTime() - Number(count) * minutes * 60_000;
}

/** https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/ */
function withText(value: string): Clause {
  if (value.trim() === '' || /[+\-&|!(){}[\]^~*?\\/:"]/.test(value)) {
    throw new JqlError(`Unable to parse the text '${value}' for field 'text'.`);
  }
  const either = value.split(/\s+OR\s+/);
  const words = either.map(wordsOf);
  const has = (issue: Indexed) => words.filter((all) => all.every((word) => issue.words.has(word))).length;
  return { matches: (issue) => has(issue) > 0, rank: has };
}

function noValue(value: string, field: string): JqlError {
  return new JqlError(`The value '${value}' does not exist for the field '${field}'.`);
}
