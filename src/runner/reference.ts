/** The values that a step's inputs can refer to: the workflow's inputs, and the outputs of earlier steps by step id. */
export type Scope = {
  inputs: Readonly<Record<string, unknown>>;
  steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const REFERENCE = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * Resolves the references in a step's inputs, as Slack does. A reference that is the whole input passes on its value
 * unchanged, and the input is left out when there is no value. A reference within text is replaced by its value as text.
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
