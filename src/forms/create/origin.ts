/** Where a form comes from and what it is for; it travels with the view, so that any process can take what is sent. */
export type Origin = {
  /** The request's id: the same form again is the same request. */
  request: string;
  /** Who opened it. */
  user: string;
  /** Undefined for a form that asks for the channel. */
  channel?: string | undefined;
  /** The thread in which the receipt is posted. */
  threadTs?: string | undefined;
  /** Whether the message is one of a thread. */
  inThread?: boolean | undefined;
  messageLink?: string | undefined;
  /** The key of the project in which duplicates were looked for. */
  searched?: string | undefined;
};

/** Slack: 3,000 characters of private_metadata. https://docs.slack.dev/reference/views/modal-views */
export function encodeOrigin(origin: Origin): string {
  return JSON.stringify(origin);
}

/** Undefined for what this Maro did not write. */
export function decodeOrigin(metadata: unknown): Origin | undefined {
  try {
    const origin = JSON.parse(String(metadata)) as Partial<Origin> | null;
    return typeof origin?.request === 'string' && typeof origin.user === 'string' ? (origin as Origin) : undefined;
  } catch {
    return undefined;
  }
}
