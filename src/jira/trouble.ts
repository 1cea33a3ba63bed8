export type TroubleKind = 'login_refused' | 'rate_limited' | 'no_answer' | 'unreadable' | 'moved';

/**
 * Why Jira could not be read. Its message is a sentence for people, without a full stop so that it can stand in a list.
 * That an issue is missing is no trouble: it is an answer.
 */
export class JiraTrouble extends Error {
  override name = 'JiraTrouble';
  readonly kind: TroubleKind;
  constructor(kind: TroubleKind, wait?: { seconds: number }) {
    super(kind === 'rate_limited' ? rateLimited(wait?.seconds) : SENTENCE[kind]);
    this.kind = kind;
  }
}

const SENTENCE = {
  login_refused: "Jira refused Maro's own login, so whoever runs Maro needs to renew it",
  no_answer: 'Jira is not answering, so try again in a minute',
  unreadable: 'Jira sent an answer that Maro cannot read, so whoever runs Maro needs to look at JIRA_HOST',
  moved: 'Maro looks up ten issues that moved at a time, so send this one again',
} as const;

function rateLimited(seconds: number | undefined): string {
  if (seconds === undefined) return 'Jira asks Maro to slow down, so try again in a minute';
  const whole = Math.max(1, Math.ceil(seconds));
  const when = whole === 1 ? '1 second' : whole < 90 ? `${whole} seconds` : `${Math.ceil(whole / 60)} minutes`;
  return `Jira asks Maro to slow down, so try again in ${when}`;
}
