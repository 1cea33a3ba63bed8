/**
 * What Slack would not do, told the way Slack names it.
 *
 * An act of a person throws it; a Web API call answers its `error`; both leave it in the log.
 */
export class Refusal extends Error {
  /** Slack's own name for it, such as `missing_scope`; where Slack shows people a sentence and no name, ours. */
  readonly error: string;
  /** One sentence: what exactly was wrong, for the person who has to mend it. */
  readonly why: string;
  /** The page of docs.slack.dev that the refusal rests on. */
  readonly document: string;

  constructor(error: string, why: string, page: string) {
    super(`${error}: ${why}`);
    this.name = 'Refusal';
    this.error = error;
    this.why = why;
    this.document = `https://docs.slack.dev/${page}`;
  }
}
