import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

/**
 * Makes a database on the server of `url` (any server: user, password, host, port and parameters are kept) and returns its URL.
 * `template`: the database it is a copy of, which nobody may be connected to. `name`: letters, digits and `_`; made up by default.
 */
export async function createDatabase(
  url: string,
  { template, name = `maro_${randomBytes(6).toString('hex')}` }: { template?: string; name?: string } = {},
): Promise<string> {
  await administer(url, `The database ${name} was not created`, (sql) =>
    template === undefined
      ? sql`create database ${sql(name)}`
      : // Files are copied in a fraction of the time that it takes to log every page, which is what PostgreSQL does unless told.
        sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`,
  );
  return withDatabase(url, name);
}

/** Removes the database that `url` names, with everybody who is connected to it. One that is not there is no error. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await administer(
    withDatabase(url, 'postgres'),
    `The database ${name} was not deleted`,
    (sql) => sql`drop database if exists ${sql(name)} with (force)`,
  );
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/**
 * Asks a server on a connection of its own, outside a transaction.
 * @throws `failure` and the server's own words.
 */
export async function administer<T>(url: string, failure: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { statement_timeout: 20_000 },
  });
  try {
    return await run(sql);
  } catch (error) {
    throw new Error(`${failure}: ${(error as Error).message}`, { cause: error });
  } finally {
    await sql.end({ timeout: 1 });
  }
}
