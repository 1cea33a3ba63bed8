import { defined } from '../defined.ts';
import { parseKey, parseProjectKey } from '../key.ts';
import { type AdfDocument, lengthOf } from './adf.ts';

export type NewIssue = {
  /** The project's key. */
  project: string;
  /** The id of one of the project's types. */
  type: string;
  /** One line of at most 255 characters. */
  summary: string;
  description?: AdfDocument | undefined;
  /** The account id of the reporter. Without one, Jira makes the login the reporter. */
  reporter?: string | undefined;
  /** Other fields by their ids, in the form that Jira expects: see `wireValue`. */
  fields?: Readonly<Record<string, unknown>> | undefined;
  /** The key of the issue's epic, or of the parent if the issue is a sub-task. */
  parent?: string | undefined;
};

/**
 * What is wrong with a new issue, in sentences. `fields` has those
 * about one field, by the field's id; `messages` has the others.
 */
export type Complaints = { fields: Readonly<Record<string, string>>; messages: readonly string[] };

/** The issue property that holds the request id, by which Maro finds an issue that it created. */
export const REQUEST_PROPERTY = 'maro.request';

// Jira: "Summary can't exceed 255 characters." The database column holds no more.
const LONGEST_SUMMARY = 255;
/** https://jira.atlassian.com/browse/JRACLOUD-68949 */
const LONGEST_DESCRIPTION = 32_767;

/**
 * Checks a new issue before Jira is asked: for what Jira would refuse, and
 * for values that could harm a request. Undefined if nothing is wrong.
 */
export function complaintsAbout({ project, type, parent, summary, description }: NewIssue): Complaints | undefined {
  const fields = defined({
    project: parseProjectKey(project) === project ? undefined : 'That isn’t a project key.',
    issuetype: /^\d{1,19}$/.test(type) ? undefined : 'That isn’t an issue type.',
    parent: parent === undefined || parseKey(parent) === parent ? undefined : 'That isn’t an issue key.',
    summary: aboutSummary(summary),
    description: description && aboutDescription(description),
  });
  return Object.keys(fields).length === 0 ? undefined : { fields, messages: [] };
}

/** What is wrong with a summary, in a sentence; undefined if nothing is. */
export function aboutSummary(summary: string): string | undefined {
  if (summary.trim() === '') return 'Add a summary.';
  if (/[\p{Zl}\p{Zp}\r\n\v\f\u0085]/u.test(summary)) return 'The summary has to be one line, and this one has several.';
  if (summary.length <= LONGEST_SUMMARY) return undefined;
  return `This summary has ${summary.length} characters, and Jira’s limit is ${LONGEST_SUMMARY}.`;
}

/** What is wrong with a description, in a sentence; undefined if nothing is. */
export function aboutDescription(description: AdfDocument): string | undefined {
  const length = lengthOf(description);
  if (length <= LONGEST_DESCRIPTION) return undefined;
  const [most, has] = [LONGEST_DESCRIPTION, length].map((count) => count.toLocaleString('en'));
  return `This description has ${has} characters, and Jira’s limit is ${most}.`;
}

/** The body of a create call: the issue's fields, and the property with the request id. */
export function bodyOf(issue: NewIssue, requestId: string) {
  const { project, type, summary, description, reporter, fields = {}, parent } = issue;
  return {
    fields: {
      ...(reporter === undefined ? {} : { reporter: { accountId: reporter } }),
      ...fields,
      project: { key: project },
      issuetype: { id: type },
      summary,
      ...defined({ description }),
      ...(parent === undefined ? {} : { parent: { key: parent } }),
    },
    properties: [{ key: REQUEST_PROPERTY, value: { id: requestId } }],
  };
}
