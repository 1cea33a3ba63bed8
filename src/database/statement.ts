import type postgres from 'postgres';

/** What goes into PostgreSQL's `json` columns. */
export type Json = Readonly<Record<string, unknown>>;

/** A client of porsager's that knows our types. */
export type Client = postgres.Sql<{ json: Json }>;

/** A statement that has not been sent yet. It can be sent on any connection, and again on another. */
export type Statement = <R extends object>(client: Client) => postgres.PendingQuery<R[]>;

/** A value of a statement, which travels apart from its text, or a piece of a statement. */
export type Value = string | number | boolean | Date | null | readonly (string | number | null)[] | Json | Statement;

/** A statement with its values, as porsager's `sql` writes it. Statements can be pieces of others. */
export function sql(text: TemplateStringsArray, ...values: readonly Value[]): Statement {
  return <R extends object>(client: Client) =>
    client<R[]>(text, ...values.map((value) => (typeof value === 'function' ? value(client) : value)));
}

/** Several statements without values, which the server runs as one transaction. */
export function script(text: string): Statement {
  return <R extends object>(client: Client) => client.unsafe<R[]>(text);
}
