import { z } from 'zod';
import { line } from './parse.ts';
import { type Refused, refusedFor } from './refused.ts';

export { type Refused, refusedFor } from './refused.ts';

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
