/** The fields whose value is not undefined. Slack, Jira, and PostgreSQL accept a missing field but not an undefined one. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
