import { type Answer, errorCollection, issueNotFound, json } from './answer.ts';
import { numberIn } from './body.ts';
import type { Call, Site } from './endpoint.ts';
import { jiraProject } from './issue.ts';
import { visibleIssue } from './issues.ts';
import { jiraUser } from './user.ts';

/** REST API v3, "Get projects paginated": 50 a page, at most 100; up to 50 keys, each a parameter of its own. */
const projectsByDefault = 50;
const largestPage = 100;
const mostKeys = 50;
const usersByDefault = 50;

/** GET project/search */
export function searchProjects(call: Call, { rest, projects, seesIssues, mostAPage }: Site): Answer {
  const { query } = call;
  const keys = query.getAll('keys');
  if (keys.length > mostKeys || keys.some((key) => !/^\w+$/.test(key))) {
    return errorCollection(400, `At most ${mostKeys} project keys may be given, each in a parameter of its own.`);
  }
  const orderBy = query.get('orderBy') ?? 'key';
  if (!/^[+-]?(key|name)$/.test(orderBy))
    return errorCollection(501, 'The Jira stand-in can order only by key and name.');
  const words = (query.get('query') ?? '').toLowerCase();
  const field = orderBy.endsWith('name') ? 'name' : 'key';
  const found = projects
    .filter(({ forbidden }) => seesIssues && !forbidden)
    .filter(({ key }) => keys.length === 0 || keys.includes(key))
    .filter(({ key, name }) => key.toLowerCase().includes(words) || name.toLowerCase().includes(words))
    .toSorted((a, b) => a[field].localeCompare(b[field]) * (orderBy.startsWith('-') ? -1 : 1));
  const startAt = numberIn(query, 'startAt', 0);
  const maxResults = Math.min(numberIn(query, 'maxResults', projectsByDefault, 1), largestPage, mostAPage);
  const end = startAt + maxResults;
  const address = (from: number) => `${rest}/project/search?${new URLSearchParams([...query, ['startAt', `${from}`]])}`;
  return json(200, {
    self: address(startAt),
    ...(end < found.length && { nextPage: address(end) }),
    maxResults,
    startAt,
    total: found.length,
    isLast: end >= found.length,
    values: found
      .slice(startAt, end)
      .map((project) => ({ ...jiraProject(project, rest), style: 'classic', isPrivate: false })),
  });
}

/** GET user/assignable/search, for an issue or for a new issue of a project */
export function assignableUsers(call: Call, site: Site): Answer {
  const { rest, projects, people } = site;
  const { query } = call;
  const [project, words, accountId] = ['project', 'query', 'accountId'].map((name) => query.get(name));
  const idOrKey = query.get('issueKey') ?? query.get('issueId');
  if (!project && idOrKey === null) return errorCollection(400, 'The project, issueKey or issueId is needed.');
  if ((words == null) === (accountId == null)) return errorCollection(400, 'Either query or accountId is needed.');
  if (idOrKey !== null) {
    if (visibleIssue(idOrKey, site) === undefined) return issueNotFound();
  } else if (!projects.some(({ id, key, forbidden }) => !forbidden && (id === project || key === project))) {
    return errorCollection(404, `No project could be found with key '${project}'.`);
  }
  const fits = (name: string) =>
    name
      .toLowerCase()
      .split(/\s+/)
      .some((part, index, parts) => {
        return (
          parts
            .slice(index)
            .join(' ')
            .startsWith((words ?? '').toLowerCase()) || part === words
        );
      });
  const assignable = Object.values(people).filter(({ notAssignable }) => !notAssignable);
  const found = assignable.filter((person) =>
    accountId == null ? fits(person.displayName) : person.accountId === accountId,
  );
  const startAt = numberIn(query, 'startAt', 0);
  const end = startAt + numberIn(query, 'maxResults', usersByDefault, 1);
  return json(
    200,
    found.slice(startAt, end).map((person) => jiraUser(person, rest)),
  );
}

/** GET user/search: by the beginning of a name, or by a whole email address, which is found when it is hidden, too. */
export function searchUsers(call: Call, { rest, people, seesIssues }: Site): Answer {
  const { query } = call;
  const words = (query.get('query') ?? '').toLowerCase();
  if (words === '') return errorCollection(400, 'The query parameter is needed.');
  const found = Object.values(people).filter(
    ({ displayName, emailAddress }) =>
      seesIssues && (displayName.toLowerCase().startsWith(words) || emailAddress?.toLowerCase() === words),
  );
  const startAt = numberIn(query, 'startAt', 0);
  const end = startAt + numberIn(query, 'maxResults', usersByDefault, 1);
  return json(
    200,
    found.slice(startAt, end).map((person) => jiraUser(person, rest)),
  );
}
