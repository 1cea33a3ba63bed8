/** Why the database could not be used. Its message is a sentence for people; `code` is PostgreSQL's own, for the log. */
export class DatabaseTrouble extends Error {
  override name = 'DatabaseTrouble';
  readonly code: string | undefined;
  /** Whether the statement may have been done. */
  readonly isDoubtful: boolean;
  constructor(message: string, { cause, isDoubtful = false }: { cause: unknown; isDoubtful?: boolean }) {
    super(message, { cause });
    this.code = codeOf(cause);
    this.isDoubtful = isDoubtful;
  }
}

/** PostgreSQL's code of an error, five characters; Node's own for one of the network; undefined for others. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Nothing was sent, so nothing was changed. */
export function unreachable(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble('Maro cannot reach its database, so nothing was changed. Try again in a minute.', {
    cause,
  });
}

/** Something was sent and no answer came, so nobody can say what was changed; repeating any operation is safe. */
export function silent(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble(
    "Maro's database did not answer in time, so this may or may not have been done. Try again in a minute: repeating it does no harm.",
    { cause, isDoubtful: true },
  );
}

type Mender = 'time' | 'operator';

/** What the server says when it is in trouble itself. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const WORDS: readonly (readonly [code: RegExp, what: string, mender: Mender])[] = [
  [/^25006$/, 'takes no changes at the moment', 'time'],
  [/^57P03$/, 'is starting or stopping', 'time'],
  [/^57P/, 'is being stopped', 'time'],
  [/^53300$/, 'has no connection left', 'time'],
  [/^53100$/, 'has no disk space left', 'operator'],
  [/^53/, 'has run out of resources', 'operator'],
  [/^28/, "refused Maro's login", 'operator'],
  [/^3D000$/, 'is not there', 'operator'],
  [/^08/, 'ended the connection', 'time'],
  [/^40/, 'had to let other changes go first', 'time'],
  [/^(58|XX|F0)/, 'reports a fault of its own', 'operator'],
];

/**
 * The trouble that a server names; undefined when the error is not about the server's own state. The server rolled the
 * statement back, so nothing was changed.
 */
export function refused(error: unknown): DatabaseTrouble | undefined {
  return named(codeOf(error) ?? '', error);
}

function named(code: string, cause: unknown): DatabaseTrouble | undefined {
  const [, what, mender] = WORDS.find(([pattern]) => pattern.test(code)) ?? [];
  return what === undefined || mender === undefined ? undefined : unchanged(what, mender, cause);
}

/** The server is a standby, or was told to take no writes. */
export function readOnly(): DatabaseTrouble | undefined {
  return named('25006', undefined);
}

/** The server did not let Maro in, for a reason of its own. */
export function turnedAway(error: unknown): DatabaseTrouble {
  return unchanged('does not let Maro in', 'operator', error);
}

function unchanged(what: string, mender: Mender, cause: unknown): DatabaseTrouble {
  const advice = mender === 'time' ? 'Try again in a minute.' : 'Tell the person who runs Maro.';
  return new DatabaseTrouble(`Maro's database ${what}, so nothing was changed. ${advice}`, { cause });
}
