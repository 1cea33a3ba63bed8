import type { Complaints } from './new-issue.ts';

/**
 * Jira's refusal of a request, or Maro's own before Jira is asked.
 * `reason` has all complaints as sentences that end in a period.
 */
export type Refused = { state: 'refused'; reason: string } & Complaints;

export function refusedFor({ fields, messages }: Complaints): Refused {
  const all = [...messages, ...Object.values(fields)].filter((words) => words !== '');
  const sentences = all.map((words) => (/[.!?…。]$/u.test(words) ? words : `${words}.`));
  return { state: 'refused', reason: sentences.join(' ') || 'Jira refused this and gave no reason.', fields, messages };
}
