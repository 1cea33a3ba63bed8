/** A part of a block that does not fit, with the way to it as a JSON pointer. */
export class Misfit extends Error {
  readonly at: string;
  readonly what: string;
  /** The page of docs.slack.dev about the smallest block or element around it. */
  page: string | undefined;

  constructor(at: string, what: string, page?: string) {
    super(`${what} [json-pointer:${at}]`);
    this.at = at;
    this.what = what;
    this.page = page;
  }
}

/** Throws a Misfit unless the value fits; `at` is the pointer to it. */
export type Check = (value: unknown, at: string) => void;
export type Fields = Record<string, Check>;

export function string(max = Number.POSITIVE_INFINITY, min = 0): Check {
  return (value, at) => {
    if (typeof value !== 'string') throw new Misfit(at, 'must be a string');
    if (value.length > max) throw new Misfit(at, `must be less than ${max + 1} characters`);
    if (value.length < min) throw new Misfit(at, `must be more than ${min - 1} characters`);
  };
}

export function integer(min: number, max: number): Check {
  return (value, at) => {
    if (!Number.isInteger(value)) throw new Misfit(at, 'must be an integer');
    if ((value as number) < min || (value as number) > max) throw new Misfit(at, `must be from ${min} to ${max}`);
  };
}

export const number: Check = (value, at) => {
  if (typeof value !== 'number') throw new Misfit(at, 'must be a number');
};

export const boolean: Check = (value, at) => {
  if (typeof value !== 'boolean') throw new Misfit(at, 'must be a boolean');
};

export const anything: Check = () => {};

export function oneOf(...values: unknown[]): Check {
  return (value, at) => {
    if (!values.includes(value)) throw new Misfit(at, `must be one of: ${values.join(', ')}`);
  };
}

export function list(item: Check, max = Number.POSITIVE_INFINITY, min = 0): Check {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Misfit(at, 'must be an array');
    if (value.length > max) throw new Misfit(at, `no more than ${max} items allowed`);
    if (value.length < min) throw new Misfit(at, `no fewer than ${min} items allowed`);
    for (const [index, each] of value.entries()) item(each, `${at}/${index}`);
  };
}

/** An object that has all of `required`, may have `optional`, and nothing else. */
export function object(required: Fields, optional: Fields = {}): Check {
  const known = new Map(Object.entries({ ...required, ...optional }));
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misfit(at, 'must be an object');
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) throw new Misfit(at, `missing required field: ${name}`);
    }
    for (const [name, each] of Object.entries(value)) {
      const check = known.get(name);
      if (!check) throw new Misfit(at, `invalid additional property: ${name}`);
      check(each, `${at}/${name}`);
    }
  };
}

/** Chooses the check by the value's `type`; a Misfit inside gets the page of the innermost type that has one. */
export function typed(
  kinds: Record<string, Check>,
  pageOf: (type: string) => string | undefined,
  only?: string[],
): Check {
  return (value, at) => {
    const type = (value as { type?: unknown } | null)?.type;
    if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
      throw new Misfit(at, `unsupported type: ${String(type)}`);
    }
    if (only && !only.includes(type)) throw new Misfit(at, `unsupported type here: ${type}`, pageOf(type));
    try {
      (kinds[type] as Check)(value, at);
    } catch (error) {
      if (error instanceof Misfit) error.page ??= pageOf(type);
      throw error;
    }
  };
}
