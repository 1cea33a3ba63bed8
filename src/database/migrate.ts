import { readdir, readFile } from 'node:fs/promises';
import type { DatabaseUrl } from '../database-url.ts';
import type { Connection } from './connection.ts';
import { pgUrl } from './pg-url.ts';
import { createPrimary } from './primary.ts';
import { script, sql } from './statement.ts';
import { DatabaseTrouble } from './trouble.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
/** The key of Maro's advisory lock. It must differ from the keys of other programs that use the same database. */
const LOCK = 6_276_001;
const CONNECT_TIMEOUT_MS = 5_000;
/** A migration may take long, and other processes wait for the lock just as long. */
const STATEMENT_TIMEOUT_MS = 60_000;

/** A newer version of Maro has migrated the database, and this version could damage it. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError';
  constructor(database: number, program: number) {
    super(
      `Maro did not start: the database is at version ${database}, and this version of Maro knows versions up to ${program}. ` +
        'Nothing was changed. Start the newer Maro, or give this one another database.',
    );
  }
}

/**
 * Applies the missing migrations, each in one transaction together with its version number. Several processes may call this at
 * the same time: one applies the migrations, and the others wait.
 * @returns the version that the database has then.
 * @throws {NewerDatabaseError} if the database is ahead of this program.
 * @throws {DatabaseTrouble} if the database cannot be reached or a migration fails.
 */
export async function migrate(url: DatabaseUrl): Promise<number> {
  const files = await migrations();
  const program = versionOf(files.at(-1) ?? '0');
  const connection = await connect(url);
  try {
    await connection.send(sql`select pg_advisory_lock(${LOCK})`);
    await connection.send(
      sql`create table if not exists maro_migrations (version int primary key, applied_at timestamptz not null)`,
    );
    const [row] = await connection.send<{ version: number | null }>(
      sql`select max(version) as version from maro_migrations`,
    );
    const database = row?.version ?? 0;
    if (database > program) throw new NewerDatabaseError(database, program);
    if (database < program) await migrateJobs(pgUrl(url, connection.host, connection.server.encrypted));
    for (const file of files.filter((name) => versionOf(name) > database)) {
      const text = await readFile(new URL(file, MIGRATIONS), 'utf8');
      // PostgreSQL runs the statements of one simple query in one transaction.
      await connection.send(script(`${text};\ninsert into maro_migrations values (${versionOf(file)}, now())`));
    }
    return program;
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw error;
    throw new DatabaseTrouble(
      `Maro did not start: the database could not be migrated to version ${program}${because(error)}. A migration that fails changes nothing.`,
      'Fix the cause, and start Maro again.',
      { cause: error },
    );
  } finally {
    await connection.close();
  }
}

/** The version of the schema that this program knows. */
export async function programSchema(): Promise<number> {
  return versionOf((await migrations()).at(-1) ?? '0');
}

async function migrations(): Promise<string[]> {
  return (await readdir(MIGRATIONS)).filter((name) => /^\d{5}_\w+\.sql$/.test(name)).sort();
}

async function connect(url: DatabaseUrl): Promise<Connection> {
  const limits = { deadlineMs: CONNECT_TIMEOUT_MS, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const connection = await createPrimary(url)
    .open(limits)
    .catch((error: DatabaseTrouble) => {
      throw new DatabaseTrouble(
        `Maro did not start: it cannot use its database${because(error.cause)}.`,
        'Check that PostgreSQL runs and that DATABASE_URL is right.',
        { cause: error.cause },
      );
    });
  if (!connection.pooled) return connection;
  await connection.close();
  throw new DatabaseTrouble(
    'Maro did not start: DATABASE_URL points to a connection pooler.',
    'Migrations and background jobs need PostgreSQL itself: set DATABASE_DIRECT_URL to its own address.',
    { cause: undefined },
  );
}

function because(error: unknown): string {
  // If several addresses of a host name fail, the AggregateError has one error per address.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message !== '' ? ` (${first.message})` : '';
}

/**
 * Migrates Graphile Worker's schema, before Maro's own migrations, because
 * Maro's statements call its functions. Graphile Worker takes its own lock.
 */
async function migrateJobs(connectionString: string): Promise<void> {
  const { runMigrations, Logger } = await import('graphile-worker');
  await runMigrations({ connectionString, logger: new Logger(() => () => {}) });
}

function versionOf(file: string): number {
  return Number.parseInt(file, 10);
}
