import { adfComplaint } from './adf.ts';
import type { Person } from './seed.ts';

/** An option of a select. Only those of a cascading select have children. */
export type FieldOption = { id: string; value: string; children?: { id: string; value: string }[] };

/**
 * A custom field by the last part of the name of its kind: Jira's own (REST API v3, "Create custom field"), those of Jira
 * Software, which begin with `gh-`, and `ticket-number`, a field of text that an app of somebody else adds.
 */
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
    | 'multiuserpicker'
    | 'gh-epic-label'
    | 'gh-sprint'
    | 'ticket-number';
  required: boolean;
  /** With one, Jira fills in the first option when the field is not sent. */
  hasDefaultValue?: boolean;
  options?: FieldOption[];
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
  'gh-epic-label': { type: 'string' },
  'gh-sprint': { type: 'array', items: 'json' },
  'ticket-number': { type: 'string' },
};

/** The app that a kind of field comes from. */
function appOf(type: CustomField['type']): string {
  if (type.startsWith('gh-')) return 'com.pyxis.greenhopper.jira';
  return type === 'ticket-number' ? 'com.acme.change' : 'com.atlassian.jira.plugin.system.customfieldtypes';
}

/** The field as createmeta has it (FieldCreateMetadata). */
export function jiraField(field: CustomField, rest: string) {
  const { id, name, required, hasDefaultValue = false, options } = field;
  return {
    required,
    schema: {
      ...schemas[field.type],
      custom: `${appOf(field.type)}:${field.type}`,
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

function jiraOption({ id, value, children }: FieldOption, rest: string): object {
  const self = `${rest}/customFieldOption/${id}`;
  return { self, value, id, ...(children && { children: children.map((child) => jiraOption(child, rest)) }) };
}

function isOneOf(options: readonly FieldOption[], sent: unknown): boolean {
  return optionIn(options, sent) !== undefined;
}

/** The option that a value names by its id or its words. */
function optionIn(options: readonly FieldOption[], sent: unknown): FieldOption | undefined {
  const { id, value } = (sent ?? {}) as { id?: unknown; value?: unknown };
  return options.find((option) => (id === undefined ? option.value === value : option.id === id));
}

function isPerson(people: readonly Person[], sent: unknown): boolean {
  return people.some(({ accountId }) => accountId === (sent as { accountId?: unknown } | null)?.accountId);
}

/** Whether the value names an option, and a child of that option if it names one. */
function isCascade(options: readonly FieldOption[], sent: unknown): boolean {
  const option = optionIn(options, sent);
  const { child } = (sent ?? {}) as { child?: unknown };
  return option !== undefined && (child === undefined || isOneOf(option.children ?? [], child));
}

/** Why Jira does not take the value for the field; undefined when it does. */
export function fieldComplaint(field: CustomField, value: unknown, people: readonly Person[]): string | undefined {
  const { name, options = [] } = field;
  const isOption = (entry: unknown) => isOneOf(options, entry);
  switch (field.type) {
    case 'textfield':
    case 'ticket-number':
    case 'gh-epic-label':
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
    case 'datetime':
      return isDateTime(value) ? undefined : 'Error parsing time: expected yyyy-MM-ddTHH:mm:ss.SSSZ.';
    case 'labels':
      return labelsComplaint(value);
    case 'cascadingselect':
      return isCascade(options, value) ? undefined : `Specify a valid 'id' or 'value' for ${name}`;
    case 'select':
      return isOption(value) ? undefined : `Specify a valid 'id' or 'value' for ${name}`;
    case 'multiselect':
      if (!Array.isArray(value)) return 'data was not an array';
      return value.every(isOption) ? undefined : `Specify a valid 'id' or 'value' for ${name}`;
    case 'userpicker':
      return isPerson(people, value) ? undefined : `User does not exist for ${name}.`;
    case 'multiuserpicker':
      if (!Array.isArray(value)) return 'data was not an array';
      return value.every((entry) => isPerson(people, entry)) ? undefined : `User does not exist for ${name}.`;
    default:
      return `The Jira stand-in does not support values of a ${field.type}.`;
  }
}

/** Nothing was given, so that a required field is missing. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** A moment as Jira takes it, such as 2026-11-28T10:00:00.000+0000. REST API v3, "Create issue", example. */
function isDateTime(value: unknown): boolean {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/;
  return typeof value === 'string' && form.test(value) && !Number.isNaN(Date.parse(value));
}

/** Why Jira does not take the value as labels; undefined when it does. */
export function labelsComplaint(value: unknown): string | undefined {
  const fits = Array.isArray(value) && value.every((label) => typeof label === 'string' && !/\s/.test(label));
  if (!fits) return 'The label contains spaces which is invalid.';
  return value.some((label) => label.length > 255) ? 'The label exceeds the limit of 255 characters.' : undefined;
}

/** The value as an issue shows it: options with their words, people with their names. */
export function shownValue(field: CustomField, value: unknown, people: readonly Person[], rest: string): unknown {
  const option = (entry: unknown) => {
    const found = optionIn(field.options ?? [], entry);
    return found ? jiraOption(found, rest) : entry;
  };
  const person = (entry: unknown) =>
    people.find(({ accountId }) => accountId === (entry as { accountId: string }).accountId);
  if (field.type === 'select') return option(value);
  if (field.type === 'cascadingselect') {
    const found = optionIn(field.options ?? [], value);
    const child = optionIn(found?.children ?? [], (value as { child?: unknown }).child);
    const shown = found && jiraOption({ id: found.id, value: found.value }, rest);
    return { ...shown, ...(child && { child: jiraOption(child, rest) }) };
  }
  if (field.type === 'multiselect') return (value as unknown[]).map(option);
  if (field.type === 'userpicker') return person(value);
  if (field.type === 'multiuserpicker') return (value as unknown[]).map(person);
  return value;
}
