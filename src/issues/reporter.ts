import type { NewIssue } from '../jira/new-issue.ts';
import type { Services } from '../services.ts';
import { within } from '../within.ts';

/** How long the search for a reporter may delay a ticket. After that, the ticket is created without one. */
const KNOWN_WITHIN_MS = 1_000;

/**
 * The Jira account of the person who asks for an issue, found by the person's email address in Slack. Undefined if Slack or
 * Jira does not return it in time, or if Maro may not set the reporter of this type. Jira then makes Maro's own account the
 * reporter. `type` is the type's id.
 */
export async function reporterOf(
  user: string | undefined,
  project: string,
  type: string,
  { jira, slack }: Pick<Services, 'jira' | 'slack'>,
): Promise<string | undefined> {
  if (user === undefined) return undefined;
  const find = async () => {
    const email = await slack.email(user);
    if (email === undefined) return undefined;
    const takes = await jira.takesReporter(project, type);
    if (takes.state !== 'known' || !takes.value) return undefined;
    const person = await jira.person(email);
    return person.state === 'known' ? person.value?.accountId : undefined;
  };
  return within(KNOWN_WITHIN_MS, find());
}

/** The issues without their reporters. Undefined if no issue has a reporter. */
export function withoutReporter<T extends NewIssue | readonly NewIssue[]>(issues: T): T | undefined;
export function withoutReporter(issues: NewIssue | readonly NewIssue[]): NewIssue | readonly NewIssue[] | undefined {
  const all = [issues].flat();
  if (all.every(({ reporter }) => reporter === undefined)) return undefined;
  const left = all.map((issue) => ({ ...issue, reporter: undefined }));
  return Array.isArray(issues) ? left : left[0];
}
