import { adfComplaint } from './adf.ts';
import type { Person } from './seed.ts';

/** A custom field of Jira's own kinds, by the last part of the kind's name. REST API v3, "Create custom field". */
export type CustomField = {
  id: string;
  name: string;
  type:
    | 'textfield'
    | 'textarea'
    | 'url'
    | 'float'
    | 'datepicker'
    | 'select'
    | 'multiselect'
    | 'userpicker'
    | 'cascadingselect'
    | 'datetime'
    | 'grouppicker'
    | 'labels'
    | 'multiuserpicker';
  required: boolean;
  /** With one, Jira fills in the first option when the field is not sent. */
  hasDefaultValue?: boolean;
  options?: { id: string; value: string }[];
};

const schemas: Record<CustomField['type'], { type: string; items?: string }> = {
  textfield: { type: 'string' },
  textarea: { type: 'string' },
  url: { type: 'string' },
  float: { type: 'number' },
  datepicker: { type: 'date' },
  select: { type: 'option' },
  multiselect: { type: 'array', items: 'option' },
  userpicker: { type: 'user' },
  cascadingselect: { type: 'option-with-child' },
  datetime: { type: 'datetime' },
  grouppicker: { type: 'group' },
  labels: { type: 'array', items: 'string' },
  multiuserpicker: { type: 'array', items: 'user' },
};

/** The field as createmeta has it (FieldCreateMetadata). */
export function jiraField(field: CustomField, rest: string) {
  const { id, name, required, hasDefaultValue = false, options } = field;
  return {
    required,
    schema: {
      ...schemas[field.type],
      custom: `com.atlassian.jira.plugin.system.customfieldtypes:${field.type}`,
      customId: Number(id.split('_')[1]),
    },
    name,
    key: id,
    hasDefaultValue,
    operations: ['set'],
    ...(options && { allowedValues: options.map((option) => jiraOption(option, rest)) }),
    fieldId: id,
  };
}

function jiraOption({ id, value }: { id: string; value: string }, rest: string) {
  return { self: `${rest}/customFieldOption/${id}`, value, id };
}

/** Why Jira does not take the value for the field; undefined when it does. */
export function fieldComplaint(field: CustomField, value: unknown, people: readonly Person[]): string | undefined {
  const { name, options = [] } = field;
  const isOption = (entry: unknown) =>
    options.some(({ id, value: words }) => {
      const { id: sentId, value: sentValue } = (entry ?? {}) as { id?: unknown; value?: unknown };
      return sentId === id || (sentId === undefined && sentValue === words);
    });
  switch (field.type) {
    case 'textfield':
      if (typeof value !== 'string') return 'Operation value must be a string';
      return value.length > 255
        ? 'The entered text is too long. It exceeds the allowed limit of 255 characters.'
        : undefined;
    case 'url':
      return typeof value === 'string' && URL.canParse(value) ? undefined : 'Not a valid URL';
    case 'textarea':
      return adfComplaint(value);
    case 'float':
      return typeof value === 'number' ? undefined : 'Specify a number.';
    case 'datepicker':
      return isDate(value) ? undefined : 'Error parsing date string: expected yyyy-MM-dd.';
    case 'select':
    case 'cascadingselect':
      return isOption(value) ? undefined : `Specify a valid 'id' or 'value' for ${name}`;
    case 'multiselect':
      if (!Array.isArray(value)) return 'data was not an array';
      return value.every(isOption) ? undefined : `Specify a valid 'id' or 'value' for ${name}`;
    case 'userpicker':
      return people.some(({ accountId }) => accountId === (value as { accountId?: unknown } | null)?.accountId)
        ? undefined
        : `User does not exist for ${name}.`;
    default:
      return `The Jira stand-in takes no value for a ${field.type}.`;
  }
}

/** Nothing was given, so that a required field is missing. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** The value as an issue shows it: options with their words, people with their names. */
export function shownValue(field: CustomField, value: unknown, people: readonly Person[], rest: string): unknown {
  const option = (entry: unknown) => {
    const { id, value: words } = entry as { id?: string; value?: string };
    const found = field.options?.find((each) => each.id === id || (id === undefined && each.value === words));
    return found ? jiraOption(found, rest) : entry;
  };
  if (field.type === 'select' || field.type === 'cascadingselect') return option(value);
  if (field.type === 'multiselect') return (value as unknown[]).map(option);
  if (field.type === 'userpicker') {
    return people.find(({ accountId }) => accountId === (value as { accountId: string }).accountId);
  }
  return value;
}
