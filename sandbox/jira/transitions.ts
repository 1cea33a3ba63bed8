import { adfComplaint } from './adf.ts';
import { type Answer, errorCollection, issueNotFound, json, noContent } from './answer.ts';
import { invalidPayload, isObject, objectIn } from './body.ts';
import { changeIn, fieldsOf } from './change.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { jiraStatus } from './issue.ts';
import { type Issue, type IssueChange, visibleIssue } from './issues.ts';
import type { Project, Transition } from './seed.ts';

/** The transitions of the issue's workflow that lead on from its status. */
export function transitionsOf({ project, type, status }: Issue): readonly Transition[] {
  return workflowOf(project).filter(
    ({ from, types }) => (from?.includes(status.name) ?? true) && (types?.includes(type.name) ?? true),
  );
}

function workflowOf({ transitions, statuses }: Project): readonly Transition[] {
  return transitions ?? statuses.map(({ name }, index) => ({ id: String(index * 10 + 11), name, to: name }));
}

/** GET issue/{issueIdOrKey}/transitions: none without the permission to transition issues. */
export function listTransitions(call: Call, site: Site): Answer {
  const { query } = call;
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const unplayed = [...['skipRemoteOnlyCondition', 'includeUnavailableTransitions', 'sortByOpsBarAndStatus']].find(
    (name) => query.get(name) === 'true',
  );
  if (unplayed !== undefined) return notPlayed(unplayed);
  const withFields = (query.get('expand') ?? '').split(',').includes('transitions.fields');
  const wanted = query.get('transitionId');
  const all = site.permissions.has('TRANSITION_ISSUES') ? transitionsOf(issue) : [];
  return json(200, {
    expand: 'transitions',
    transitions: all
      .filter(({ id }) => wanted === null || id === wanted)
      .map((transition) => jiraTransition(transition, issue, site.rest, withFields)),
  });
}

/** REST API v3, IssueTransition. */
function jiraTransition(transition: Transition, issue: Issue, rest: string, withFields: boolean) {
  const { id, name, to, from, screen, wantsComment } = transition;
  const status = statusOf(issue.project, to);
  const described = fieldsOf(issue, rest);
  const fields = Object.entries(screen ?? {}).flatMap(([field, need]) => {
    const metadata = described[field];
    return metadata === undefined ? [] : [[field, { ...metadata, required: need === 'required' }]];
  });
  return {
    id,
    name,
    to: jiraStatus(status, rest),
    hasScreen: screen !== undefined,
    isGlobal: from === undefined,
    isInitial: false,
    isAvailable: true,
    isConditional: wantsComment !== undefined,
    looped: false,
    ...(withFields && { fields: Object.fromEntries(fields) }),
  };
}

function statusOf(project: Project, name: string) {
  const status = project.statuses.find((each) => each.name === name);
  if (status === undefined) throw new Error(`${project.key} has no status ${name}.`);
  return status;
}

const known = ['transition', 'fields', 'update', 'historyMetadata', 'properties'];

/** POST issue/{issueIdOrKey}/transitions */
export function transitionIssue(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { transition, fields = {}, update = {} } = body.object;
  const unplayed = ['historyMetadata', 'properties'].find((name) => body.object[name] !== undefined);
  if (unplayed !== undefined) return notPlayed(unplayed);
  if (Object.keys(body.object).some((name) => !known.includes(name)) || !isObject(fields) || !isObject(update)) {
    return invalidPayload().refusal;
  }
  const id = isObject(transition) ? transition.id : undefined;
  if (id === undefined) return errorCollection(400, "Missing 'transition' identifier");
  if (!/^\d+$/.test(String(id))) return errorCollection(400, "'transition' identifier must be an integer");
  const done = transitionOne(issue, String(id), { fields, update }, site);
  return done === undefined ? noContent() : json(400, done);
}

type Refusal = { errorMessages: string[]; errors: Record<string, string> };

/**
 * Does the transition, with what its screen is filled in with. What the workflow does besides: a status that is done gets a
 * resolution, and any other loses it. @returns why Jira does not do it.
 */
export function transitionOne(
  issue: Issue,
  id: string,
  { fields, update }: { fields: Record<string, unknown>; update: Record<string, unknown> },
  site: Site,
): Refusal | undefined {
  const transition = site.permissions.has('TRANSITION_ISSUES')
    ? transitionsOf(issue).find((each) => each.id === id)
    : undefined;
  if (transition === undefined) {
    return { errorMessages: [`Transition id '${id}' is not valid for this issue.`], errors: {} };
  }
  const { comment, ...others } = update;
  const { screen, wantsComment, to } = transition;
  const commented = comment === undefined ? undefined : commentIn(comment, screen !== undefined, site);
  const changed = changeIn({ fields, update: others }, screen ?? {}, issue, site);
  const errors = { ...('errors' in changed && changed.errors), ...(commented?.error && { comment: commented.error }) };
  if ('errors' in changed || Object.keys(errors).length > 0) return { errorMessages: [], errors };
  if (wantsComment !== undefined && commented === undefined) return { errorMessages: [wantsComment], errors: {} };

  const status = statusOf(issue.project, to);
  const resolved: IssueChange = status.category === 'done' ? { resolution: 'Done' } : { resolution: null };
  site.issues.edit(issue.id, { ...resolved, ...changed.change, status: to }, 'maro');
  if (commented?.body !== undefined) site.issues.comment(issue.id, commented.body, 'maro');
  return undefined;
}

/** The comment of a transition: `[{ add: { body } }]`, where the transition has a screen. */
function commentIn(sent: unknown, hasScreen: boolean, site: Site): { body?: object; error?: string } {
  if (!hasScreen) return { error: "Field 'comment' cannot be set. It is not on the appropriate screen, or unknown." };
  if (!site.permissions.has('ADD_COMMENTS'))
    return { error: 'You do not have the permission to comment on this issue.' };
  const [first, ...others] = Array.isArray(sent) ? sent : [];
  const add = isObject(first) && others.length === 0 ? first.add : undefined;
  if (!isObject(add) || Object.keys(add).join() !== 'body') return { error: 'Comment body is not valid!' };
  const complaint = adfComplaint(add.body);
  return complaint === undefined ? { body: add.body as object } : { error: complaint };
}
