import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { DatabaseTrouble } from './trouble.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
/** Any number that no other program on the same database uses for its advisory locks. */
const LOCK = 6_276_001;

/** The database was made by a newer Maro, which this one might damage. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError';
  constructor(database: number, program: number) {
    super(
      `The database is at version ${database} and this Maro knows versions up to ${program}, so it did not start. ` +
        'Nothing was changed. Start the newer Maro, or give this one another database.',
    );
  }
}

/**
 * Applies the migrations that the database lacks, each in one transaction together with its version. Several processes may
 * do so at once: one applies them, the others wait for it.
 * @throws {NewerDatabaseError} when the database is ahead of this program.
 * @throws {DatabaseTrouble} when the database is away or a migration fails.
 */
export async function migrate(url: string): Promise<void> {
  const files = (await readdir(MIGRATIONS)).filter((name) => /^\d{5}_\w+\.sql$/.test(name)).sort();
  const program = versionOf(files.at(-1) ?? '0');
  const client = new Client({
    connectionString: url,
    application_name: 'maro migrations',
    connectionTimeoutMillis: 5_000,
    // Migrations may take a while, and those who wait for the lock wait as long.
    statement_timeout: 60_000,
  });
  // A connection that ends fails the statement that waits on it, or the next one.
  client.on('error', () => {});
  await client.connect().catch((error) => {
    throw new DatabaseTrouble(
      `Maro cannot reach its database${because(error)}, so it did not start. Check that PostgreSQL runs and that DATABASE_URL is right.`,
      { cause: error },
    );
  });
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'create table if not exists maro_migrations (version int primary key, applied_at timestamptz not null)',
    );
    const { rows } = await client.query<{ version: number }>('select max(version) as version from maro_migrations');
    const database = rows[0]?.version ?? 0;
    if (database > program) throw new NewerDatabaseError(database, program);
    if (database < program) await migrateJobs(url);
    for (const file of files.filter((name) => versionOf(name) > database)) {
      const text = await readFile(new URL(file, MIGRATIONS), 'utf8');
      // Statements sent as one simple query are one transaction.
      await client.query(`${text};\ninsert into maro_migrations values (${versionOf(file)}, now())`);
    }
  } catch (error) {
    if (error instanceof NewerDatabaseError) throw error;
    throw new DatabaseTrouble(
      `The database could not be brought up to version ${program}${because(error)}, so Maro did not start. A migration that fails leaves nothing behind. Mend what is named, and start Maro again.`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

function because(error: unknown): string {
  // Several addresses of one name fail together, each with its own message.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && first.message !== '' ? ` (${first.message})` : '';
}

/** The schema of Graphile Worker, whose functions our statements call. It comes first, and locks for itself. */
async function migrateJobs(url: string): Promise<void> {
  const { runMigrations, Logger } = await import('graphile-worker');
  await runMigrations({ connectionString: url, logger: new Logger(() => () => {}) });
}

function versionOf(file: string): number {
  return Number.parseInt(file, 10);
}
