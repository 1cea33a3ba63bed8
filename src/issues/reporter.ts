import type { NewIssue } from '../jira/new-issue.ts';
import type { Services } from '../services.ts';
import { within } from '../within.ts';

/** How long a ticket waits until Maro knows who its reporter is. It is created without that otherwise. */
const KNOWN_WITHIN_MS = 1_000;

/**
 * The Jira account of the person who asks for an issue, found by the email address that Slack tells. Undefined if Slack or Jira
 * does not tell, if that takes too long, or if the type takes no reporter from Maro: Jira then makes Maro's own account the reporter.
 * `type` is the type's id.
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
    const account = await jira.account(email);
    return account.state === 'known' ? (account.value ?? undefined) : undefined;
  };
  return within(KNOWN_WITHIN_MS, find());
}

/** The issues as they were prepared, without their reporters. Undefined if none has one. */
export function withoutReporter<T extends NewIssue | readonly NewIssue[]>(issues: T): T | undefined;
export function withoutReporter(issues: NewIssue | readonly NewIssue[]): NewIssue | readonly NewIssue[] | undefined {
  const all = [issues].flat();
  if (all.every(({ reporter }) => reporter === undefined)) return undefined;
  const left = all.map((issue) => ({ ...issue, reporter: undefined }));
  return Array.isArray(issues) ? left : left[0];
}
