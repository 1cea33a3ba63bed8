import { adfComplaint, adfText } from './adf.ts';
import { type Answer, errorCollection, issueNotFound, json } from './answer.ts';
import { invalidPayload, objectIn } from './body.ts';
import { jiraComment } from './comment.ts';
import type { Call, Site } from './endpoint.ts';
import { isHidden, visibleIssue } from './issues.ts';
import { propertiesIn } from './property.ts';

/** Jira Cloud's limits of an issue's comments, and of a comment's characters. https://jira.atlassian.com/browse/JRACLOUD-68949 */
const mostComments = 5_000;
const longestComment = 32_767;

/** POST issue/{issueIdOrKey}/comment: a new comment by Maro. */
export function addComment(call: Call, site: Site): Answer {
  const issue = visibleIssue(call.idOrKey, site);
  if (issue === undefined) return issueNotFound();
  const sent = objectIn(call);
  if ('refusal' in sent) return sent.refusal;
  const { body, properties = [], ...others } = sent.object;
  const carried = propertiesIn(properties);
  if (Object.keys(others).length > 0 || carried === undefined) return invalidPayload().refusal;
  const refuse = (comment: string) => json(400, { errorMessages: [], errors: { comment } });
  if (!site.permissions.has('ADD_COMMENTS')) {
    return refuse('Maro, you do not have the permission to comment on this issue.');
  }
  if (adfComplaint(body) !== undefined) return refuse('Comment body is not valid!');
  const text = adfText(body);
  if (text.trim() === '') return refuse('Comment body can not be empty!');
  if (text.length > longestComment) {
    return refuse('The entered text is too long. It exceeds the allowed limit of 32,767 characters.');
  }
  if (issue.comments.length >= mostComments) {
    return errorCollection(413, 'The issue has as many comments as it can have.');
  }
  const comment = site.issues.comment(issue.id, body as object, 'maro', { properties: carried });
  return json(201, jiraComment(comment, issue, site.rest, isExpanded(call)));
}

/** REST API v3, "Get comments by IDs": up to 1,000. */
const mostIds = 1_000;

/** POST comment/list: the comments with these ids, as far as the login sees them, with their properties if it asks for them. */
export function commentsByIds(call: Call, { issues, rest, seesIssues }: Site): Answer {
  const sent = objectIn(call);
  if ('refusal' in sent) return sent.refusal;
  const { ids, ...others } = sent.object;
  if (!Array.isArray(ids) || !ids.every(Number.isInteger) || Object.keys(others).length > 0) {
    return invalidPayload().refusal;
  }
  if (ids.length === 0 || ids.length > mostIds) return errorCollection(400, `From 1 to ${mostIds} ids may be given.`);
  const wanted = new Set(ids.map(String));
  const values = issues
    .all()
    .filter((issue) => seesIssues && !isHidden(issue))
    .flatMap((issue) =>
      issue.comments
        .filter(({ id }) => wanted.has(id))
        .map((comment) => jiraComment(comment, issue, rest, isExpanded(call))),
    );
  return json(200, { isLast: true, maxResults: 1_048_576, startAt: 0, total: values.length, values });
}

function isExpanded({ query }: Call): boolean {
  return (query.get('expand') ?? '').split(',').includes('properties');
}
