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

/** A form that Slack's client does not let go, with a sentence for each field that is to be mended, by block_id. */
export class InvalidInput extends Refusal {
  readonly errors: Record<string, string>;

  /** `wrong` is the fields in the order in which they stand in the form. */
  constructor(wrong: readonly { block: string; label: string; sentence: string }[]) {
    const why = wrong.map(({ label, sentence }) => `${label}: ${sentence}`).join(' ');
    super('invalid_input', why, 'reference/block-kit/blocks/input-block');
    this.errors = Object.fromEntries(wrong.map(({ block, sentence }) => [block, sentence]));
  }
}
