import type { Indexed } from './search-index.ts';
import { wordsOf } from './search-index.ts';
import type { Project, SavedFilter, Sprint } from './seed.ts';

/** A query that the stand-in can answer. `rank` is how much of the text an issue has. */
export type Query = {
  matches(issue: Indexed): boolean;
  rank(issue: Indexed): number;
  order: { field: 'created' | 'updated' | 'id'; descending: boolean } | undefined;
};

/** What a query can name, as far as the login sees it. `issue` finds the id of an issue by its key. */
export type Named = {
  projects: readonly Project[];
  issue(key: string): string | undefined;
  sprints: readonly Sprint[];
  filters: readonly SavedFilter[];
};

type Clause = { matches(issue: Indexed): boolean; rank?(issue: Indexed): number };

/** Why Jira does not take a query: a sentence for each thing that it does not know. */
export class JqlError extends Error {
  readonly messages: readonly [string, ...string[]];
  constructor(...messages: [string, ...string[]]) {
    super(messages.join(' '));
    this.messages = messages;
  }
}

const categories: Record<string, string> = { 'to do': 'new', 'in progress': 'indeterminate', done: 'done' };

/**
 * The part of JQL that Maro uses: clauses joined by AND, and an order. Anything else is refused, as Jira refuses what it does
 * not know: https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
 * @throws {JqlError}
 */
export function parseJql(jql: string, named: Named, now: Date): Query {
  const { where, order } = split(jql);
  if (where === '') {
    throw new JqlError('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.');
  }
  const clauses = clausesOf(where).map((clause) => parseClause(clause, named, now));
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

/** Splits at AND outside of quotes and parentheses. */
function clausesOf(where: string): string[] {
  const tokens = where.match(/"(?:[^"\\]|\\.)*"|\bAND\b|[()]|[^"\s()]+|\s+/gi) ?? [];
  if (tokens.join('') !== where)
    throw new JqlError('Error in the JQL Query: The quoted string has not been completed.');
  const clauses = [''];
  let depth = 0;
  for (const token of tokens) {
    if (!token.startsWith('"')) {
      for (const [parenthesis] of token.matchAll(/[()]/g)) depth += parenthesis === '(' ? 1 : -1;
    }
    if (depth < 0) throw new JqlError("Error in the JQL Query: Expecting operator but got ')'.");
    if (depth === 0 && /^and$/i.test(token)) clauses.push('');
    else clauses.push(`${clauses.pop()}${token}`);
  }
  return clauses.map((clause) => clause.trim());
}

function parseClause(clause: string, named: Named, now: Date): Clause {
  const { projects } = named;
  const [, group] = /^\((.*)\)$/s.exec(clause) ?? [];
  if (group !== undefined) return parseJql(group, named, now);
  const [, list] = /^project\s+in\s*\((.*)\)$/is.exec(clause) ?? [];
  if (list !== undefined) return ofProjects(valuesOf(list, clause), projects);
  const [, field = '', operator = '', quoted, bare] =
    /^([\w.[\]"]+?)\s*(!=|<=|>=|=|~|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|([\w-]+))$/s.exec(clause) ?? [];
  const value = (quoted ?? bare ?? '').replace(/\\(.)/g, '$1');
  switch (`${field.toLowerCase()} ${operator}`) {
    case 'project =':
      return ofProjects([value], projects);
    case 'issuetype =':
      return ofType(value, projects);
    case 'statuscategory =':
    case 'statuscategory !=': {
      const category = categories[value.toLowerCase()];
      if (category === undefined) throw noValue(value, 'statusCategory');
      return { matches: ({ status }) => (status.category === category) === (operator === '=') };
    }
    case 'created <=':
    case 'created >=':
    case 'updated <=':
    case 'updated >=': {
      const time = field.toLowerCase() === 'created' ? 'created' : 'updated';
      const limit = timeOf(value, time, now);
      return { matches: (issue) => (operator === '<=' ? +issue[time] <= limit : +issue[time] >= limit) };
    }
    case 'key =': {
      const wanted = idOf(value, 'key', named);
      return { matches: ({ id }) => id === wanted };
    }
    case 'parent =': {
      // "Search for work items that have a particular parent": https://support.atlassian.com/jira-software-cloud/docs/jql-fields/
      const wanted = idOf(value, 'parent', named);
      return { matches: ({ parentId }) => parentId === wanted };
    }
    case 'sprint =':
      return ofSprint(value, named);
    case 'filter =':
      return ofFilter(value, named, now);
    case 'text ~':
      return withText(value);
    default:
      if (/^(issue\.property|.*\[.*\])/i.test(field)) {
        // Only properties that an installed app declares are indexed. "Entity properties", Index document configuration.
        throw new JqlError(`Field '${field}' does not exist or you do not have permission to view it.`);
      }
      throw new JqlError(
        field === '' ? `Error in the JQL Query near '${clause}'.` : `The stand-in does not support '${clause}'.`,
      );
  }
}

/** The values of a list: each in quotes, or a word. */
function valuesOf(list: string, clause: string): string[] {
  const value = /^\s*(?:"((?:[^"\\]|\\.)*)"|([\w-]+))\s*(,|$)/s;
  const values: string[] = [];
  for (let rest = list; ; ) {
    const [all, quoted, bare, comma] = value.exec(rest) ?? [];
    if (all === undefined) throw new JqlError(`Error in the JQL Query near '${clause}'.`);
    values.push((quoted ?? bare ?? '').replace(/\\(.)/g, '$1'));
    if (comma === '') return values;
    rest = rest.slice(all.length);
  }
}

/** One project that is not there, or that the login does not see, refuses the whole query. */
function ofProjects(values: readonly string[], projects: readonly Project[]): Clause {
  const found = values.map((value) => {
    const isMeant = (name: string) => name.toLowerCase() === value.toLowerCase();
    return projects.find(({ key, id, name, forbidden }) => !forbidden && [key, id, name].some(isMeant));
  });
  const [first, ...others] = values.filter((_, index) => found[index] === undefined);
  if (first !== undefined) {
    throw new JqlError(missing(first, 'project'), ...others.map((value) => missing(value, 'project')));
  }
  return { matches: ({ project }) => found.includes(project) };
}

/** By id or by name. https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ */
function ofType(value: string, projects: readonly Project[]): Clause {
  const isMeant = ({ id, name }: { id: string; name: string }) =>
    id === value || name.toLowerCase() === value.toLowerCase();
  if (!projects.some(({ types }) => types.some(isMeant))) throw noValue(value, 'issuetype');
  return { matches: ({ type }) => isMeant(type) };
}

/** A key that no issue has refuses the whole query. */
function idOf(key: string, field: string, { issue }: Named): string {
  const id = issue(key);
  if (id === undefined) throw new JqlError(`An issue with key '${key}' does not exist for field '${field}'.`);
  return id;
}

/** By id or by name. */
function ofSprint(value: string, { sprints }: Named): Clause {
  const meant = sprints.filter(({ id, name }) => String(id) === value || name.toLowerCase() === value.toLowerCase());
  if (meant.length === 0) throw noValue(value, 'Sprint');
  return { matches: ({ sprint }) => sprint !== undefined && meant.includes(sprint) };
}

/** By id or by name. The order of a filter does not count in another query. */
function ofFilter(value: string, named: Named, now: Date): Clause {
  const found = named.filters.find(({ id, name }) => id === value || name.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw noValue(value, 'filter');
  return parseJql(found.jql, { ...named, filters: [] }, now);
}

/** Relative to now: `-30m`, `-4h`, `-2d`, `-1w`. Times of the day depend on the time zone of the login. */
function timeOf(value: string, field: string, now: Date): number {
  const [, count, unit = ''] = /^-(\d+)([mhdw])$/.exec(value) ?? [];
  const minutes = { m: 1, h: 60, d: 1_440, w: 10_080 }[unit];
  if (minutes === undefined) throw new JqlError(`Date value '${value}' for field '${field}' is invalid.`);
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
  return new JqlError(missing(value, field));
}

function missing(value: string, field: string): string {
  return `The value '${value}' does not exist for the field '${field}'.`;
}
