import type { InputBlock } from '@slack/types';
import type { Field } from '../../jira/field.ts';
import { MOST_OPTIONS, optionsMatching } from '../../messages/options.ts';
import { truncate } from '../../slack/text.ts';
import type { ElementState } from './values.ts';

/** Keeps labels short. Slack allows 2,000 characters. */
const LONGEST_LABEL = 150;

/** The value of an option that only says why there is nothing to choose. No account id of Jira's has a space. */
export const NO_CHOICE = 'no choice';

/** The block_id of a project's type menu. Slack keeps a selection as long as the block_id stays the same. */
export function typeBlock(project: string): string {
  return `type ${project}`;
}

/**
 * The block_id of a field in a project and type, or in an issue and a transition. Slack does not carry a value from one
 * block_id to another.
 */
export function fieldBlock(project: string, type: string, field: string): string {
  return `field ${project} ${type} ${field}`;
}

/** Parses the block_id of a field. Returns undefined for any other block. */
export function parseFieldBlock(block: string): { project: string; type: string; field: string } | undefined {
  const [, project, type, field] = /^field (\S+) (\S+) (\S+)$/.exec(block) ?? [];
  return project === undefined || type === undefined || field === undefined ? undefined : { project, type, field };
}

/** What a person has to know to fill in a field of this kind. */
const HINTS: Partial<Record<Field['kind'], string>> = {
  labels: 'Separate labels with commas or spaces.',
  epic_name: 'A short name for the epic. Leave empty to use the summary.',
  parent: 'A key such as PLAT-12, or a link',
};

/**
 * The input block for a field, filled with its earlier value. Undefined if the form cannot ask for the field.
 * `optional`: the person may leave it empty. An epic's name may always be left empty.
 */
export function controlFor(
  field: Field,
  block_id: string,
  held: ElementState,
  optional = field.kind === 'epic_name',
): InputBlock | undefined {
  const element = elementFor(field, held);
  if (element === undefined) return undefined;
  const [label, hint] = [truncate(field.name, LONGEST_LABEL), HINTS[field.kind]];
  return {
    type: 'input',
    block_id,
    label: { type: 'plain_text', text: label },
    element,
    ...(optional ? { optional } : {}),
    ...(hint === undefined ? {} : { hint: { type: 'plain_text', text: hint } }),
  };
}

function elementFor(field: Field, held: ElementState): InputBlock['element'] | undefined {
  const value = held.value ? { initial_value: held.value } : {};
  const one = held.selected_option ? { initial_option: held.selected_option } : {};
  const many = held.selected_options?.length ? { initial_options: held.selected_options } : {};
  switch (field.kind) {
    case 'text':
    case 'epic_name':
    case 'labels':
    case 'parent':
      return { type: 'plain_text_input', action_id: field.kind, ...value };
    case 'paragraph':
      return { type: 'plain_text_input', action_id: 'paragraph', multiline: true, ...value };
    case 'number':
      return { type: 'number_input', action_id: 'number', is_decimal_allowed: true, ...value };
    case 'date':
      return {
        type: 'datepicker',
        action_id: 'date',
        ...(held.selected_date ? { initial_date: held.selected_date } : {}),
      };
    case 'datetime':
      return {
        type: 'datetimepicker',
        action_id: 'datetime',
        ...(held.selected_date_time ? { initial_date_time: held.selected_date_time } : {}),
      };
    case 'people':
      return { type: 'multi_external_select', action_id: 'create:person', min_query_length: 0, ...many };
    case 'person':
      return { type: 'external_select', action_id: 'create:person', min_query_length: 0, ...one };
    case 'single_select':
    case 'cascading_select':
      return field.options.length > MOST_OPTIONS
        ? { type: 'external_select', action_id: 'create:option', min_query_length: 0, ...one }
        : { type: 'static_select', action_id: 'option', options: optionsMatching(field.options, ''), ...one };
    case 'multi_select':
      return field.options.length > MOST_OPTIONS
        ? { type: 'multi_external_select', action_id: 'create:option', min_query_length: 0, ...many }
        : { type: 'multi_static_select', action_id: 'options', options: optionsMatching(field.options, ''), ...many };
    default:
      return undefined;
  }
}
