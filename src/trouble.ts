/** A problem that a person is told about. The message is `what` and `advice`. */
export class Trouble extends Error {
  override name = 'Trouble';
  /** What happened, and what was and was not done, in whole sentences. */
  readonly what: string;
  /** What to do now, in whole sentences; empty if there is nothing to do. */
  readonly advice: string;
  constructor(what: string, advice: string, options?: ErrorOptions) {
    super(advice === '' ? what : `${what} ${advice}`, options);
    this.what = what;
    this.advice = advice;
  }

  /** The message, with a sentence about the consequence between what happened and the advice. */
  with(consequence: string): string {
    return this.advice === '' ? `${this.what} ${consequence}` : `${this.what} ${consequence} ${this.advice}`;
  }
}
