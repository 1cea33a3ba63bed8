import { parseKeys } from '../key.ts';
import { descriptionOf } from './description.ts';
import { type Field, type FieldValue, LONGEST_LABEL, labelsIn, type Option } from './field.ts';

/** The most options that a sentence lists, and the most characters of a text that it repeats. */
const MOST_LISTED = 10;
const LONGEST_SHOWN = 80;

const { compare } = new Intl.Collator(undefined, { sensitivity: 'accent' });

/** Where the text of a field comes from: `plain` is the text in words, and `linked` the same with its links. */
export type FieldText = { plain: string; linked: string };

/**
 * Reads the value of a field from text that a person wrote in a workflow: the name (in any case) or the id of an option,
 * several options separated by commas, a date such as `2026-11-30`, a date and time in UTC such as `2026-11-30 14:00`, a
 * number, labels, or an issue key. Undefined if there is no text.
 * @returns `complaint`: what is wrong with the text, in a sentence.
 */
export function fieldValueOf(
  field: Field,
  { plain, linked }: FieldText,
): FieldValue | { complaint: string } | undefined {
  const text = plain.trim();
  if (text === '') return undefined;
  const { name, kind } = field;
  switch (kind) {
    case 'text':
    case 'epic_name':
      return { kind, value: text };
    case 'paragraph': {
      const value = descriptionOf(linked, undefined);
      return value && { kind, value };
    }
    case 'number': {
      const value = Number(text);
      return Number.isFinite(value) ? { kind, value } : { complaint: `${name} takes a number, not “${shown(text)}”.` };
    }
    case 'date':
      return isDate(text)
        ? { kind, value: text }
        : { complaint: `${name} takes a date like 2026-11-30, not “${shown(text)}”.` };
    case 'datetime': {
      const value = secondsIn(text);
      return value === undefined
        ? { complaint: `${name} takes a date and time like 2026-11-30 14:00, not “${shown(text)}”.` }
        : { kind, value };
    }
    case 'labels':
      return labelsOf(text);
    case 'parent':
      return parentOf(text);
    case 'single_select':
    case 'cascading_select': {
      const option = named(field.options, text);
      return option === undefined ? unknownOption(field, text) : { kind, value: option.id };
    }
    case 'multi_select': {
      const whole = named(field.options, text);
      const parts = whole === undefined ? text.split(',').filter((part) => part.trim() !== '') : [text];
      const options = parts.map((part) => named(field.options, part) ?? part);
      const unknown = options.find((option) => typeof option === 'string');
      if (unknown !== undefined) return unknownOption(field, unknown.trim());
      return { kind, value: options.flatMap((option) => (typeof option === 'string' ? [] : option.id)) };
    }
    default:
      return { complaint: `${name} can’t be filled in by a step.` };
  }
}

/** What `fieldValueOf` takes for the field, in a few words; undefined for a field that a step cannot fill in. */
export function hintOf(field: Field): string | undefined {
  switch (field.kind) {
    case 'text':
    case 'paragraph':
      return 'Text';
    case 'epic_name':
      return 'A short name for the epic. Leave empty to use the summary';
    case 'labels':
      return 'Labels, separated by commas or spaces';
    case 'parent':
      return 'A key such as PLAT-12, or a link';
    case 'datetime':
      return 'A date and time in UTC, like 2026-11-30 14:00';
    case 'people':
      return 'People’s names, as Jira shows them, separated by commas';
    case 'number':
      return 'A number';
    case 'date':
      return 'A date like 2026-11-30';
    case 'person':
      return 'A person’s name, as Jira shows it';
    case 'single_select':
    case 'cascading_select':
      return `One of: ${listed(field.options)}`;
    case 'multi_select':
      return `Any of: ${listed(field.options)}`;
    default:
      return undefined;
  }
}

function shown(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1).toWellFormed()}…`;
}

function named(options: readonly Option[], text: string): Option | undefined {
  const typed = text.trim();
  return options.find(({ id }) => id === typed) ?? options.find(({ name }) => compare(name, typed) === 0);
}

function unknownOption({ name, options }: Field & { options: readonly Option[] }, text: string): { complaint: string } {
  return { complaint: `${name} has no option “${shown(text)}”. Choose one of these: ${listed(options)}.` };
}

function listed(options: readonly Option[]): string {
  const names = options.slice(0, MOST_LISTED).map(({ name }) => name);
  return [...names, ...(options.length > MOST_LISTED ? ['others'] : [])].join(', ');
}

/** Seconds since 1970. A time without a zone is in UTC. */
function secondsIn(text: string): number | undefined {
  const [, date = '', time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const seconds = Date.parse(`${date}T${time}${zone}`) / 1000;
  return isDate(date) && Number.isFinite(seconds) ? seconds : undefined;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Labels in typed text. `complaint`: why these are none. */
export function labelsOf(text: string): FieldValue | { complaint: string } | undefined {
  const labels = labelsIn(text);
  if (labels.some((label) => label.length > LONGEST_LABEL)) {
    return { complaint: `A label can have up to ${LONGEST_LABEL} characters, and one of these is longer.` };
  }
  if (labels.length > 0) return { kind: 'labels', value: labels };
  return text === '' ? undefined : { complaint: 'Add at least one label.' };
}

/** The key of a parent in typed text, or a link to it. `complaint`: why there is none. */
export function parentOf(text: string): FieldValue | { complaint: string } {
  const [typed, ...more] = parseKeys(text);
  if (typed?.key === undefined || more.length > 0) return { complaint: 'The parent has to be one issue key or link.' };
  return { kind: 'parent', value: typed.key };
}
