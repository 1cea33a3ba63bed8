import type postgres from 'postgres';

/** A value for one of PostgreSQL's `json` columns. */
export type Json = Readonly<Record<string, unknown>>;

/** A client of porsager's `postgres`, with Maro's types. */
export type Client = postgres.Sql<{ json: Json }>;

/** A statement that has not been sent yet. It can be sent on any connection, more than once. */
export type Statement = <R extends object>(client: Client) => postgres.PendingQuery<R[]>;

/** A parameter of a statement, which is sent separately from the text, or another statement to insert into the text. */
export type Value = string | number | boolean | Date | null | readonly (string | number | null)[] | Json | Statement;

/** Builds a statement with parameters, as `sql` of porsager's `postgres` does. A statement can contain other statements. */
export function sql(text: TemplateStringsArray, ...values: readonly Value[]): Statement {
  return <R extends object>(client: Client) =>
    client<R[]>(text, ...values.map((value) => (typeof value === 'function' ? value(client) : value)));
}

/**
 * A limit clause with the number of rows in the text of the statement. If the limit is a parameter, PostgreSQL assumes that it is a
 * tenth of all rows, and plans the statement again each time. Use this where few different limits occur. `rows` is a whole number.
 */
export function limitOf(rows: number): Statement {
  if (!Number.isSafeInteger(rows)) throw new TypeError(`${rows} is not a number of rows`);
  return script(`limit ${rows}`);
}

/** Builds a script of several statements without parameters, which the server runs in one transaction. */
export function script(text: string): Statement {
  return <R extends object>(client: Client) => client.unsafe<R[]>(text);
}
