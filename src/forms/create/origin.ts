import type { Card, HomeTab } from '../../runner/request.ts';

/** Where and by whom a form was opened. It is in the view's private_metadata, so any process can handle the submission. */
export type Origin = {
  /** The request's id. Submitting the same form again repeats the same request. */
  request: string;
  /** The person who opened the form. */
  user: string;
  /** Undefined when the form asks for the channel. */
  channel?: string | undefined;
  /** The `ts` of the thread in which the receipt is posted. */
  threadTs?: string | undefined;
  /** Whether the message is part of a thread. */
  inThread?: boolean | undefined;
  messageLink?: string | undefined;
  /** Whether the form was opened from the list, which its response_url draws anew. */
  isFromList?: boolean | undefined;
  /** The issue that the form is about, as its key or as a person typed it. */
  issue?: string | undefined;
  /** In the form that changes several issues: their keys, and what to do to them. */
  issues?: string | undefined;
  act?: string | undefined;
  /** The list from which the form was opened, which its response_url draws anew. See `encodeView`. */
  list?: string | undefined;
  /** The Home tab from which the form was opened. */
  home?: HomeTab | undefined;
  /** The card from which the form was opened. */
  card?: Card | undefined;
  /** How many times the form was submitted and failed. */
  tries?: number | undefined;
  /** The `ts` of the message that the form was opened from, which the description begins with. */
  messageTs?: string | undefined;
  /** Whether the form shows the optional details. */
  details?: boolean | undefined;
  /** Takes the receipt if the channel cannot. A form that was opened from a global shortcut or from Home has none. */
  responseUrl?: string | undefined;
  /** The key of the project that was searched for duplicates. */
  searched?: string | undefined;
  /** The number of messages that Slack did not show, if the form told so. */
  missing?: number | undefined;
};

/** Slack allows 3,000 characters in private_metadata. https://docs.slack.dev/reference/views/modal-views */
export function encodeOrigin(origin: Origin): string {
  return JSON.stringify(origin);
}

/** Decodes private_metadata. Returns undefined when it does not hold an origin. */
export function decodeOrigin(metadata: unknown): Origin | undefined {
  try {
    const origin = JSON.parse(String(metadata)) as Partial<Origin> | null;
    return typeof origin?.request === 'string' && typeof origin.user === 'string' ? (origin as Origin) : undefined;
  } catch {
    return undefined;
  }
}
