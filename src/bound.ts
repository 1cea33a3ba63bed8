/** The operations without their first argument. */
export type Bound<Operations> = {
  [Name in keyof Operations]: Operations[Name] extends (first: never, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** Binds the same first argument to every operation. */
export function bound<First, Operations extends Record<string, (first: First, ...rest: never[]) => unknown>>(
  operations: Operations,
  first: First,
): Bound<Operations> {
  const entries = Object.entries(operations).map(([name, operation]) => [name, operation.bind(undefined, first)]);
  return Object.fromEntries(entries) as Bound<Operations>;
}
