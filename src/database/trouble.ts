import { Trouble } from '../trouble.ts';

/** The database could not be used. `code` is for the log; see `codeOf`. */
export class DatabaseTrouble extends Trouble {
  override name = 'DatabaseTrouble';
  readonly code: string | undefined;
  /** Whether the statement may have been carried out. */
  readonly isDoubtful: boolean;
  constructor(what: string, advice: string, { cause, isDoubtful = false }: { cause: unknown; isDoubtful?: boolean }) {
    super(what, advice, { cause });
    this.code = codeOf(cause);
    this.isDoubtful = isDoubtful;
  }
}

/** The SQLSTATE of a PostgreSQL error (five characters), or Node's code of a network error; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The database cannot be reached. Nothing was sent, so nothing was changed. */
export function unreachable(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble('Maro can’t reach its database, so nothing was changed.', 'Try again in a minute.', {
    cause,
  });
}

/** The statement was sent and no answer came, so it may have been carried out. Every operation is safe to repeat. */
export function silent(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble(
    'Maro’s database didn’t answer in time, so this may or may not have been done.',
    'Try again in a minute. Repeating it does no harm.',
    { cause, isDoubtful: true },
  );
}

type Mender = 'time' | 'operator';

/**
 * Phrases for SQLSTATEs that report a problem with the server itself, and whether time or an operator solves it.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const WORDS: readonly (readonly [code: RegExp, what: string, mender: Mender])[] = [
  [/^57014$/, 'took too long', 'time'],
  [/^25006$/, 'is read-only right now', 'time'],
  [/^57P03$/, 'is starting or stopping', 'time'],
  [/^57P/, 'is being stopped', 'time'],
  [/^53300$/, 'has no connections left', 'time'],
  [/^53100$/, 'is out of disk space', 'operator'],
  [/^53/, 'is out of resources', 'operator'],
  [/^28/, 'refused Maro’s login', 'operator'],
  [/^3D000$/, 'doesn’t exist', 'operator'],
  [/^08/, 'closed the connection', 'time'],
  [/^40/, 'let other changes go first', 'time'],
  [/^(58|XX|F0)/, 'reported an internal error', 'operator'],
];

/**
 * The error for a problem that the server reports about itself; undefined if the error is not about the server's state. The
 * server rolled the statement back, so nothing was changed.
 */
export function refused(error: unknown): DatabaseTrouble | undefined {
  return named(codeOf(error) ?? '', error);
}

function named(code: string, cause: unknown): DatabaseTrouble | undefined {
  const [, what, mender] = WORDS.find(([pattern]) => pattern.test(code)) ?? [];
  return what === undefined || mender === undefined ? undefined : unchanged(what, mender, cause);
}

/** The server is a standby, or is configured as read-only. */
export function readOnly(): DatabaseTrouble | undefined {
  return named('25006', undefined);
}

/** The server rejected Maro's connection, for another reason. */
export function turnedAway(error: unknown): DatabaseTrouble {
  return unchanged('turned Maro away', 'operator', error);
}

function unchanged(what: string, mender: Mender, cause: unknown): DatabaseTrouble {
  const advice = mender === 'time' ? 'Try again in a minute.' : 'Tell your Maro admin.';
  return new DatabaseTrouble(`Maro’s database ${what}, so nothing was changed.`, advice, { cause });
}
