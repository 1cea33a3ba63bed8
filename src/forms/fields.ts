import { type FieldValue, wireValue } from '../jira/field.ts';
import { parseFieldBlock } from './create/control.ts';
import { readField } from './create/given.ts';
import { type ElementState, stateOf, type Values } from './create/values.ts';

/** What a form's fields hold, in the form that Jira expects, by the fields' ids. `errors` has complaints by block_id. */
export type FilledIn = { fields: Readonly<Record<string, unknown>>; errors: Readonly<Record<string, string>> };

/** Reads the controls of `controlFor`, without asking Jira about the fields. */
export function filledIn(values: Values): FilledIn {
  const fields: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const [block, states] of Object.entries(values)) {
    const parsed = parseFieldBlock(block);
    const [action = ''] = Object.keys(states);
    if (parsed === undefined) continue;
    const state = stateOf(values, block);
    const value = readField({ kind: kindOf(action, state) }, state, '');
    if (value === undefined) continue;
    if ('complaint' in value) errors[block] = value.complaint;
    else fields[parsed.field] = wireValue(value);
  }
  return { fields, errors };
}

const KINDS = ['text', 'epic_name', 'labels', 'parent', 'paragraph', 'number', 'date', 'datetime'] as const;

/** The kind of a field with this control. The id of a cascading select's parent is read like that of a single select. */
function kindOf(action: string, { type = '' }: ElementState): FieldValue['kind'] {
  const isMany = type.startsWith('multi_');
  if (action === 'create:person') return isMany ? 'people' : 'person';
  return KINDS.find((kind) => kind === action) ?? (isMany ? 'multi_select' : 'cascading_select');
}
