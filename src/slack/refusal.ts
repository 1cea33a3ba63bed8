import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorName } from '../log.ts';

/**
 * Error codes for a temporary problem in Slack, not a refusal.
 * https://docs.slack.dev/reference/methods/functions.completeSuccess/#errors
 */
const MISHAPS = new Set([
  'fatal_error',
  'internal_error',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/**
 * The milliseconds to wait before the next attempt: what Slack asks for, or
 * 500 ms after the first attempt and twice as long after each further one.
 */
export function waitMs(error: unknown, attempt: number): number {
  return error instanceof WebAPIRateLimitedError ? error.retryAfter * 1000 : 250 * 2 ** attempt;
}

/**
 * Whether Slack rejected the call for its rate limit, without processing
 * it. Slack says so with the status or an error code.
 */
export function isRateLimit(error: unknown): boolean {
  if (error instanceof WebAPIRateLimitedError) return true;
  return error instanceof WebAPIPlatformError && ['ratelimited', 'rate_limited'].includes(error.data.error);
}

/** Slack's error code if it refuses the call for good; undefined if another attempt may succeed. */
export function refusalOf(error: unknown): string | undefined {
  const word = codeOf(error);
  return word !== undefined && !MISHAPS.has(word) ? word : undefined;
}

/** What the log says of an error: Slack's error code if it gave one, and otherwise the name of the error. */
export function slackError(error: unknown): string {
  return codeOf(error) ?? errorName(error);
}

function codeOf(error: unknown): string | undefined {
  const word: unknown = error instanceof WebAPIPlatformError ? error.data.error : undefined;
  // The SDK uses any body that is not JSON, such as a proxy's page, as the error code.
  return typeof word === 'string' && /^\w+$/.test(word) ? word : undefined;
}
