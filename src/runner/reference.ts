/** What steps can refer to: the workflow's inputs, and the outputs of the steps before, by their ids. */
export type Scope = {
  inputs: Readonly<Record<string, unknown>>;
  steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const REFERENCE = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * A step's inputs with the values that they refer to, as Slack puts them in: a reference alone hands on the value as it is,
 * among words it becomes text. What refers to nothing is left out.
 */
export function resolveInputs(inputs: Readonly<Record<string, unknown>>, scope: Scope): Record<string, unknown> {
  const resolved = Object.entries(inputs).map(([name, value]) => [name, resolve(value, scope)] as const);
  return Object.fromEntries(resolved.filter(([, value]) => value !== undefined));
}

function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value !== 'string') return value;
  const [, alone] = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(value) ?? [];
  if (alone !== undefined) return lookUp(alone, scope);
  return value.replace(REFERENCE, (_, path: string) => String(lookUp(path, scope) ?? ''));
}

function lookUp(path: string, scope: Scope): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    return (value as Record<string, unknown>)[name];
  }, scope);
}
