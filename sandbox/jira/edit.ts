import { type Answer, errorCollection, issueNotFound, json, noContent } from './answer.ts';
import { invalidPayload, isObject, objectIn } from './body.ts';
import { changeIn, fieldsOf } from './change.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { type Issue, visibleIssue } from './issues.ts';
import { assigneeComplaint, handleIn } from './system-field.ts';

/** What the edit screen lacks: what other operations change, and what the stand-in lets nobody change. */
const notOnEditScreen = ['project', 'issuetype', 'resolution', 'reporter', 'parent'];

/** The fields that Maro's account may edit of the issue. */
function screenOf(issue: Issue, { permissions, rest }: Site): string[] {
  if (!permissions.has('EDIT_ISSUES')) return [];
  return Object.keys(fieldsOf(issue, rest)).filter(
    (field) => !notOnEditScreen.includes(field) && (field !== 'assignee' || permissions.has('ASSIGN_ISSUES')),
  );
}

/** GET issue/{issueIdOrKey}/editmeta */
export function editmeta(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const [unplayed] = call.query.keys();
  if (unplayed !== undefined) return notPlayed(unplayed);
  const all = fieldsOf(issue, site.rest);
  return json(200, { fields: Object.fromEntries(screenOf(issue, site).map((field) => [field, all[field]])) });
}

const known = ['fields', 'update', 'transition', 'historyMetadata', 'properties'];

/** PUT issue/{issueIdOrKey} */
export function editIssue(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { fields = {}, update = {} } = body.object;
  const unplayed = ['transition', 'historyMetadata', 'properties'].find((name) => body.object[name] !== undefined);
  const [parameter] = call.query.keys();
  if (unplayed !== undefined || parameter !== undefined) return notPlayed(unplayed ?? parameter ?? '');
  if (Object.keys(body.object).some((name) => !known.includes(name)) || !isObject(fields) || !isObject(update)) {
    return invalidPayload().refusal;
  }
  if (Object.keys({ ...fields, ...update }).length === 0) {
    return errorCollection(400, "one of 'fields' or 'update' required");
  }
  const screen = Object.fromEntries(screenOf(issue, site).map((field) => [field, 'optional' as const]));
  const changed = changeIn({ fields, update }, screen, issue, site);
  if ('errors' in changed) return json(400, { errorMessages: [], errors: changed.errors });
  site.issues.edit(issue.id, changed.change, 'maro');
  return noContent();
}

/** PUT issue/{issueIdOrKey}/assignee: null is nobody, and "-1" the default of the project, which is nobody here. */
export function assignIssue(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { accountId, ...others } = body.object;
  if (Object.keys(others).length > 0) return invalidPayload().refusal;
  if (accountId === undefined) return errorCollection(400, "One of 'name', 'key' or 'accountId' is needed.");
  if (!site.permissions.has('ASSIGN_ISSUES')) {
    return errorCollection(403, 'You do not have permission to assign issues.');
  }
  const isNobody = accountId === null || accountId === '-1';
  const assignee = isNobody ? undefined : assigneeComplaint(accountId, Object.values(site.people));
  if (assignee !== undefined) return json(400, { errorMessages: [], errors: { assignee } });
  site.issues.edit(issue.id, { assignee: isNobody ? null : (handleIn({ accountId }, site) ?? null) }, 'maro');
  return noContent();
}
