import { z } from 'zod';
import type { Complaints } from './new-issue.ts';
import { line } from './parse.ts';

/**
 * Jira's refusal of a request, or Maro's own before Jira is asked.
 * `reason` has all complaints as sentences that end in a period.
 */
export type Refused = { state: 'refused'; reason: string } & Complaints;

/** Jira's ErrorCollection. https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes */
export const complaints = z.object({
  errorMessages: z.array(line).default([]),
  errors: z.record(z.string(), line).default({}),
});

/** The refusal in the body of an answer from Jira. */
export function refused(json: unknown): Refused {
  const { errors = {}, errorMessages = [] } = complaints.safeParse(json).data ?? {};
  return refusedFor({ fields: errors, messages: errorMessages });
}

export function refusedFor({ fields, messages }: Complaints): Refused {
  const all = [...messages, ...Object.values(fields)].filter((words) => words !== '');
  const sentences = all.map((words) => (/[.!?…。]$/u.test(words) ? words : `${words}.`));
  return { state: 'refused', reason: sentences.join(' ') || 'Jira refused it and gave no reason.', fields, messages };
}
