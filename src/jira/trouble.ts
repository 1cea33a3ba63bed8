import { defined } from '../defined.ts';
import { Trouble } from '../trouble.ts';

export type TroubleKind =
  | 'login_refused'
  | 'forbidden'
  | 'rate_limited'
  | 'no_answer'
  | 'unreadable'
  | 'moved'
  | 'conflict';

/** Jira gave no usable answer. A missing issue is a usable answer, not a JiraTrouble. */
export class JiraTrouble extends Trouble {
  override name = 'JiraTrouble';
  readonly kind: TroubleKind;
  /** Whether Jira certainly did nothing: it said so, or the request was never sent. */
  readonly undone: boolean;
  /** The seconds after which Jira says to try again; undefined if it does not say. */
  readonly seconds: number | undefined;
  /** The HTTP status of Jira's answer; undefined if there was none. */
  readonly status: number | undefined;
  constructor(
    kind: TroubleKind,
    { seconds, undone = false, status }: { seconds?: number; undone?: boolean; status?: number } = {},
  ) {
    const [what, advice] = SENTENCES[kind];
    super(what, seconds === undefined ? advice : `Try again in ${inWords(seconds)}.`);
    this.kind = kind;
    this.undone = undone;
    this.seconds = seconds;
    this.status = status;
  }

  /** The same trouble for a request that was not sent because of it. */
  ofUnsent(): JiraTrouble {
    return new JiraTrouble(this.kind, { ...defined({ seconds: this.seconds, status: this.status }), undone: true });
  }
}

/** What happened, and what to do. */
const SENTENCES: Readonly<Record<TroubleKind, readonly [what: string, advice: string]>> = {
  login_refused: ['Jira refused Maro’s login.', 'Ask your Maro admin to renew it (code login_refused).'],
  forbidden: ['Jira doesn’t let Maro’s account do this.', 'Ask your Maro admin to allow it (code forbidden).'],
  rate_limited: ['Jira asked Maro to slow down.', 'Try again in a minute.'],
  no_answer: ['Jira isn’t answering.', 'Try again in a minute.'],
  unreadable: ['Jira sent an answer that Maro can’t read.', 'Ask your Maro admin to look into it (code unreadable).'],
  conflict: ['Somebody changed the issue in Jira at the same moment.', 'Try again.'],
  moved: ['Maro looks up ten moved issues at a time.', 'Send this one again.'],
};

function inWords(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole === 1 ? '1 second' : whole < 90 ? `${whole} seconds` : `${Math.ceil(whole / 60)} minutes`;
}

/** Returns the caught error if it is a JiraTrouble. @throws any other error, which is a defect in Maro. */
export function asTrouble(error: unknown): JiraTrouble {
  if (error instanceof JiraTrouble) return error;
  throw error;
}
