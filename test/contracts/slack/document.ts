import { Ajv, type ValidateFunction } from 'ajv';
import { commonErrors, errorsOf, eventScopes, notArguments, scopeNames } from './corrections.ts';
import { objects, openView } from './objects.ts';

type Schema = { [keyword: string]: unknown };
type RawMethod = {
  scope?: { bot?: string[] };
  rate_limits?: string;
  args: { required?: string[]; properties: Record<string, Schema> };
  output?: { properties?: Record<string, Schema>; required?: string[] };
  errors?: string[];
};
export type RawDocument = {
  common_errors: string[];
  methods: Record<string, RawMethod>;
  events: { name: string; scopes: string[] }[];
};

/** A method as Slack's reference has it, with the corrections. `tier` is 5 for the special tier. */
export type Documented = {
  scopes: string[];
  tier: number;
  errors: ReadonlySet<string>;
  /** How each argument may look, by its name. */
  arguments: Readonly<Record<string, Schema>>;
  takes: ValidateFunction;
  answers: ValidateFunction;
};

export type Reference = {
  method(name: string): Documented | undefined;
  /** The scopes of an event; undefined if there is no such event. */
  event(name: string): string[] | undefined;
};

/** What any answer may have beside the properties of its method. https://docs.slack.dev/apis/web-api/#responses */
const ENVELOPE = { ok: { const: true }, warning: { type: 'string' }, response_metadata: { type: 'object' } };

/** Makes Slack's reference of the document: https://github.com/slack-ruby/slack-api-ref */
export function referenceOf(document: RawDocument): Reference {
  // Forms carry numbers, booleans, and objects as text.
  const ofArguments = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: true });
  const ofAnswers = new Ajv({ strict: false, allErrors: true, logger: false });
  const made = new Map<string, Documented>();

  function make(name: string, { scope = {}, rate_limits = '', args, output = {}, errors = [] }: RawMethod): Documented {
    const isArgument = (argument: string) => !Object.hasOwn(notArguments, argument);
    const properties = Object.fromEntries(
      Object.entries(args.properties)
        .filter(([argument]) => isArgument(argument))
        .map(([argument, schema]) => [argument, resolved(schema)]),
    );
    const required = (args.required ?? []).filter(isArgument);
    return {
      scopes: (scope.bot ?? []).map(scopeName),
      tier: Number(/^t(\d)$/.exec(rate_limits)?.[1]),
      errors: new Set([
        ...document.common_errors,
        ...Object.keys(commonErrors),
        ...errors,
        ...Object.keys(errorsOf[name] ?? {}),
      ]),
      arguments: properties,
      takes: ofArguments.compile({ type: 'object', required, properties, additionalProperties: false }),
      answers: ofAnswers.compile({
        type: 'object',
        required: ['ok', ...(output.required ?? [])],
        properties: { ...properlyAnswered(output.properties ?? {}), ...ENVELOPE },
        additionalProperties: false,
      }),
    };
  }

  return {
    method(name) {
      const raw = Object.hasOwn(document.methods, name) ? document.methods[name] : undefined;
      if (raw !== undefined && !made.has(name)) made.set(name, make(name, raw));
      return made.get(name);
    },
    event: (name) => document.events.find((event) => event.name === name)?.scopes.map(scopeName) ?? eventScopes[name],
  };
}

function scopeName(scope: string): string {
  return scopeNames[scope] ?? scope;
}

function properlyAnswered(properties: Record<string, Schema>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, name === 'view' ? openView : resolved(schema)]),
  );
}

/** The schema with the objects in place of their names. The default of an argument is not put in when it is left out. */
function resolved(schema: unknown): Schema {
  const resolve = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(resolve);
    if (typeof part !== 'object' || part === null) return part;
    const { schema: name, default: _, ...rest } = part as Schema;
    const inside = Object.fromEntries(Object.entries(rest).map(([keyword, each]) => [keyword, resolve(each)]));
    return typeof name === 'string' ? { ...inside, ...(objects[name] ?? {}) } : { ...inside };
  };
  return resolve(schema) as Schema;
}
