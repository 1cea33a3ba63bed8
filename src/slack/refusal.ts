import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** Errors that say that Slack could not, not that it will not. https://docs.slack.dev/reference/methods/functions.completeSuccess/#errors */
const MISHAPS = new Set([
  'fatal_error',
  'internal_error',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/** How long to wait before the next attempt, in milliseconds: what Slack says, else longer each time. */
export function waitMs(error: unknown, attempt: number): number {
  return error instanceof WebAPIRateLimitedError ? error.retryAfter * 1000 : 250 * 2 ** attempt;
}

/** Whether Slack did not look at the call. It says so by the status, or in a word. */
export function isRateLimit(error: unknown): boolean {
  if (error instanceof WebAPIRateLimitedError) return true;
  return error instanceof WebAPIPlatformError && ['ratelimited', 'rate_limited'].includes(error.data.error);
}

/** Why Slack refuses a call for good, in its own word; undefined when another attempt may go well. */
export function refusalOf(error: unknown): string | undefined {
  const word: unknown = error instanceof WebAPIPlatformError ? error.data.error : undefined;
  // The SDK takes whatever is no JSON, a proxy's page for example, for the word.
  return typeof word === 'string' && /^\w+$/.test(word) && !MISHAPS.has(word) ? word : undefined;
}
