import { plainOption } from './elements.ts';
import type { Json } from './log.ts';
import type { Parameters } from './manifest.ts';
import { richTextElements } from './rich-text.ts';
import { anything, type Check, list, Misfit, object, oneOf } from './shape.ts';

const isText = (value: unknown) => typeof value === 'string';
const richText = object({ type: oneOf('rich_text'), elements: richTextElements }, { block_id: anything });

const options = list(plainOption, 100);

const fits = (check: Check) => (value: unknown) => {
  try {
    check(value, '');
    return true;
  } catch (misfit) {
    if (misfit instanceof Misfit) return false;
    throw misfit;
  }
};

/** The parameter types that the stand-in knows: docs.slack.dev/workflows/workflow-steps. */
const types: Record<string, (value: unknown) => boolean> = {
  string: isText,
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  // Slack makes no formatted text of a string: docs.slack.dev/reference/types/rich_text-type.
  'slack#/types/rich_text': fits(richText),
  // Slack shows no shape for the options of fields. These are taken to be like those of a menu.
  'slack#/types/options_select': fits(options),
  'slack#/types/options_field': fits(options),
  'slack#/types/user_id': (value) => isText(value) && /^[UW][A-Z0-9]+$/.test(value as string),
  'slack#/types/channel_id': (value) => isText(value) && /^[CDG][A-Z0-9]+$/.test(value as string),
};

/** Parts of the check that a test may switch off, to send what Slack promises not to. */
export interface ParameterCheck {
  /** An empty string in a required parameter counts as missing: so Workflow Builder's form has it. */
  emptyIsMissing: boolean;
}

/** What is wrong with the values of a step's inputs or outputs, as one sentence; undefined when they fit. */
export function misfitOf(values: Json, declared: Parameters, { emptyIsMissing }: ParameterCheck): string | undefined {
  for (const name of declared.required) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null) return `the required parameter "${name}" is missing`;
    if (emptyIsMissing && value === '') return `the required parameter "${name}" is empty`;
  }
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(declared.properties, name)) return `the parameter "${name}" is not declared`;
    const { type } = declared.properties[name] as { type: string };
    const isOfType = types[type];
    if (!isOfType) return `the stand-in does not know the type ${type} of "${name}"`;
    if (value !== undefined && value !== null && !isOfType(value)) return `the parameter "${name}" is not a ${type}`;
  }
  return undefined;
}
