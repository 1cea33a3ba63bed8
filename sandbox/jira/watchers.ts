import { type Answer, errorCollection, issueNotFound, json, noContent, unsupportedMediaType } from './answer.ts';
import { invalidPayload } from './body.ts';
import type { Call, Site } from './endpoint.ts';
import { visibleIssue } from './issues.ts';
import { maro, type Person } from './seed.ts';
import { jiraUser } from './user.ts';

/** GET issue/{issueIdOrKey}/watchers */
export function listWatchers(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const watchers = [...issue.watchers].flatMap((accountId) => accountOf(accountId, site) ?? []);
  return json(200, {
    self: `${site.rest}/issue/${issue.key}/watchers`,
    isWatching: issue.watchers.includes(maro.accountId),
    watchCount: watchers.length,
    watchers: watchers.map((person) => jiraUser(person, site.rest)),
  });
}

/** POST issue/{issueIdOrKey}/watchers: the body is an account id, as a JSON string; without one, Maro's account watches. */
export function addWatcher(call: Call, site: Site): Answer {
  if (call.contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return unsupportedMediaType(call.path, call.contentType);
  }
  let accountId: unknown = maro.accountId;
  try {
    if (call.body !== '') accountId = JSON.parse(call.body);
  } catch {
    return invalidPayload().refusal;
  }
  if (typeof accountId !== 'string') return invalidPayload().refusal;
  return change(call, site, accountId, (watchers, id) => [...new Set([...watchers, id])]);
}

/** DELETE issue/{issueIdOrKey}/watchers */
export function removeWatcher(call: Call, site: Site): Answer {
  const accountId = call.query.get('accountId');
  if (accountId === null) return errorCollection(400, "The 'accountId' query parameter is required.");
  return change(call, site, accountId, (watchers, id) => watchers.filter((each) => each !== id));
}

/** Watching leaves no trace in an issue's histories. */
function change(
  call: Call,
  site: Site,
  accountId: string,
  next: (watchers: string[], accountId: string) => string[],
): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  if (accountOf(accountId, site) === undefined) return errorCollection(404, 'The user does not exist.');
  if (accountId !== maro.accountId && !site.permissions.has('MANAGE_WATCHERS')) {
    return errorCollection(403, 'You do not have permission to manage the watcher list.');
  }
  issue.watchers = next(issue.watchers, accountId);
  return noContent();
}

function accountOf(accountId: string, { people }: Site): Person | undefined {
  return [maro, ...Object.values(people)].find((person) => person.accountId === accountId);
}
