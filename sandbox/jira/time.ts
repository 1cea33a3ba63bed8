/** Jira's way to write a time: milliseconds, and an offset without a colon. */
export function jiraTime(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}

const HOUR_MS = 3_600_000;

/** The same, in the time zone of the site, as webhooks have it. */
export function siteTime(date: Date): string {
  return new Date(date.getTime() + HOUR_MS).toISOString().replace('Z', '+0100');
}
