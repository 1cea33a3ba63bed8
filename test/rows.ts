import postgres from 'postgres';
import { cleanup } from './cleanup.ts';

/** Connections of this file's tests, which are closed when they are over. */
const open = new Set<postgres.Sql>();
/** Those of them that wait for the next question: when a test polls, to connect costs more than to ask. */
const idle = new Map<string, postgres.Sql>();

/** Runs one statement on the database of `url` and returns its rows, as somebody does who looks past Maro. */
export async function rows<T extends Record<string, unknown>>(
  url: string,
  statement: string,
  ...parameters: (string | number)[]
): Promise<T[]> {
  const sql = idle.get(url) ?? connect(url);
  // A second question at the same time gets its own connection, since this one may wait for a lock.
  idle.delete(url);
  try {
    return [...(await sql.unsafe<T[]>(statement, parameters))];
  } finally {
    if (open.has(sql) && !idle.has(url)) idle.set(url, sql);
    else await sql.end();
  }
}

function connect(url: string): postgres.Sql {
  // The question for types fails uncaught when the server goes meanwhile.
  const sql = postgres(url, { max: 1, fetch_types: false, idle_timeout: 5, onnotice: () => {} });
  open.add(sql);
  cleanup(() => {
    open.delete(sql);
    if (idle.get(url) === sql) idle.delete(url);
    return sql.end();
  });
  return sql;
}
