import { type Answer, errorCollection, issueNotFound, json } from './answer.ts';
import { invalidPayload, isObject, objectIn } from './body.ts';
import type { Call, Site } from './endpoint.ts';
import { type Issue, isHidden } from './issues.ts';

/** REST API v3, "Create or update remote issue link": globalId, "maximum length is 255 characters". */
const longestGlobalId = 255;
const longestTitle = 255;

const known = ['application', 'globalId', 'object', 'relationship'];
const knownOfObject = ['icon', 'status', 'summary', 'title', 'url'];

/** POST issue/{issueIdOrKey}/remotelink: the link with the same globalId, or a new one. */
export function linkRemotely(call: Call, site: Site): Answer {
  const issue = issueOf(call, site);
  if (issue === undefined) return issueNotFound();
  const body = objectIn(call);
  if ('refusal' in body) return body.refusal;
  const { globalId, object, ...others } = body.object;
  if (Object.keys(others).some((name) => !known.includes(name))) return invalidPayload().refusal;
  if (!isObject(object) || Object.keys(object).some((name) => !knownOfObject.includes(name))) {
    return invalidPayload().refusal;
  }
  const errors: Record<string, string> = {};
  const { title, url } = object;
  if (typeof title !== 'string' || title === '') errors.title = "'title' is required.";
  else if (title.length > longestTitle) errors.title = `'title' is longer than ${longestTitle} characters.`;
  if (typeof url !== 'string' || !URL.canParse(url)) errors.url = "'url' is required.";
  if (
    globalId !== undefined &&
    (typeof globalId !== 'string' || globalId === '' || globalId.length > longestGlobalId)
  ) {
    errors.globalId = `'globalId' is longer than ${longestGlobalId} characters.`;
  }
  if (Object.keys(errors).length > 0) return json(400, { errorMessages: [], errors });

  const link = {
    title: title as string,
    url: url as string,
    ...(globalId !== undefined && { globalId: globalId as string }),
  };
  const { link: linked, isNew } = site.issues.link(issue.id, link, 'maro');
  return json(isNew ? 201 : 200, { id: linked.id, self: `${site.rest}/issue/${issue.id}/remotelink/${linked.id}` });
}

/** GET issue/{issueIdOrKey}/remotelink: all of them, or the one with a globalId. */
export function remoteLinks(call: Call, site: Site): Answer {
  const issue = issueOf(call, site);
  if (issue === undefined) return issueNotFound();
  const all = issue.links.map(({ id, globalId, title, url }) => ({
    id,
    self: `${site.rest}/issue/${issue.id}/remotelink/${id}`,
    ...(globalId !== undefined && { globalId }),
    application: {},
    object: { url, title, icon: {}, status: { icon: {} } },
  }));
  const globalId = call.query.get('globalId');
  if (globalId === null) return json(200, all);
  const one = all.find((link) => link.globalId === globalId);
  return one ? json(200, one) : errorCollection(404, 'There is no remote link with this global id.');
}

function issueOf(call: Call, { issues, seesIssues }: Site): Issue | undefined {
  const issue = issues.find(call.idOrKey);
  return issue && seesIssues && !isHidden(issue) ? issue : undefined;
}
