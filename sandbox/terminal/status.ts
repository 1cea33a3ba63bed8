/**
 * How a line ended. 0: it was answered, be it with a polite refusal. 1: Slack refused it, or something that Maro sent, or no
 * answer came. 2: it was not understood, and nothing was done.
 */
export type Status = 0 | 1 | 2;

/** A line that is no act; the message says in a sentence what would be. */
export class NotUnderstood extends Error {
  override name = 'NotUnderstood';
}
