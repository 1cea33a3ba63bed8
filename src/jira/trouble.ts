export type TroubleKind = 'login_refused' | 'forbidden' | 'rate_limited' | 'no_answer' | 'unreadable' | 'moved';

/**
 * Jira could not be asked. The message is a sentence for people, without a final period so
 * that it can be part of a list. A missing issue is an answer from Jira, not a JiraTrouble.
 */
export class JiraTrouble extends Error {
  override name = 'JiraTrouble';
  readonly kind: TroubleKind;
  /** Whether Jira certainly did nothing: it said so, or the request was never sent. */
  readonly undone: boolean;
  constructor(kind: TroubleKind, { seconds, undone = false }: { seconds?: number; undone?: boolean } = {}) {
    super(kind === 'rate_limited' ? rateLimited(seconds) : SENTENCE[kind]);
    this.kind = kind;
    this.undone = undone;
  }
}

const SENTENCE = {
  login_refused: "Jira refused Maro's own login, so the person who runs Maro needs to renew it",
  forbidden: 'Jira does not allow this to Maro, so the person who runs Maro needs to give its login the permission',
  no_answer: 'Jira is not answering, so try again in a minute',
  unreadable: 'Jira sent an answer that Maro cannot read, so the person who runs Maro needs to look at JIRA_HOST',
  moved: 'Maro looks up ten issues that moved at a time, so send this one again',
} as const;

function rateLimited(seconds: number | undefined): string {
  if (seconds === undefined) return 'Jira asks Maro to slow down, so try again in a minute';
  const whole = Math.max(1, Math.ceil(seconds));
  const when = whole === 1 ? '1 second' : whole < 90 ? `${whole} seconds` : `${Math.ceil(whole / 60)} minutes`;
  return `Jira asks Maro to slow down, so try again in ${when}`;
}

/** Returns the caught error if it is a JiraTrouble. @throws any other error, which is a defect in Maro. */
export function asTrouble(error: unknown): JiraTrouble {
  if (error instanceof JiraTrouble) return error;
  throw error;
}
