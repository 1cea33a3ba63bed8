import postgres from 'postgres';

/** Runs one statement on the database of `url` and returns its rows, as somebody does who looks past Maro. */
export async function rows<T extends Record<string, unknown>>(
  url: string,
  statement: string,
  ...parameters: (string | number)[]
): Promise<T[]> {
  // The question for types fails uncaught when the server goes meanwhile.
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return [...(await sql.unsafe<T[]>(statement, parameters))];
  } finally {
    await sql.end();
  }
}
