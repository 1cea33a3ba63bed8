import type { AdfDocument } from '../jira/adf.ts';
import type { Jira } from '../jira/client.ts';
import { type Field, wireValue } from '../jira/field.ts';
import { type FieldText, fieldValueOf } from '../jira/field-text.ts';
import type { IssueType } from '../jira/issue-type.ts';
import type { IssueKey } from '../key.ts';
import { mend } from '../mend.ts';
import type { Context } from '../services.ts';
import { harmless, truncate } from '../slack/text.ts';
import { reasonOf } from './act.ts';

/** The values that a step has for fields, by the fields' ids or names. */
export type GivenFields = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 80;

type Fields = Readonly<Record<string, unknown>> & { description?: AdfDocument };

/** What a step says if `parseFields` reads nothing. */
export const NO_FIELDS = '“More fields” has to be a JSON object with Jira’s field IDs as its names.';

/**
 * Parses a JSON object whose keys are ids of Jira's fields. A `description` must be an ADF document. Returns undefined for
 * anything else.
 */
export function parseFields(json: string): Fields | undefined {
  try {
    const fields = mend(JSON.parse(json)) as Fields | null;
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined;
    const named = Object.keys(fields).every((id) => /^\w+$/.test(id));
    const { description } = fields;
    return named && (description === undefined || description?.type === 'doc') ? fields : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the fields that Workflow Builder asked for with dynamic options: `fields` in Jira's wire format. `left` says which
 * values stay out because Jira does not require the field for this type, or is empty. `refused`: why the issue cannot be
 * created with these values.
 */
export async function readGiven(
  given: GivenFields,
  { project, type, read }: { project: string; type: IssueType; read(text: string): FieldText },
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<{ fields: Record<string, unknown>; left: string } | { refused: string }> {
  const entries = Object.entries(given);
  if (entries.length === 0) return { fields: {}, left: '' };
  const known = await jira.fields(project, type.id);
  if (known.state === 'trouble') return { refused: known.trouble.message };
  const required = known.state === 'known' ? known.value : [];
  const fields: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, value] of entries) {
    const text = textOf(value);
    const field = required.find(({ id }) => id === name) ?? required.find((each) => each.name === name);
    if (field === undefined) {
      if (text !== '') left.push(harmless(truncate(name, LONGEST_NAME)));
      continue;
    }
    const parsed = await parse(field, read(text), { where: project, find: (who) => jira.assignable(project, who) });
    if (parsed === undefined) continue;
    if ('complaint' in parsed) return { refused: parsed.complaint };
    fields[field.id] = wireValue(parsed);
  }
  const about = `${harmless(type.name)} in ${project} doesn’t require`;
  return { fields, left: left.length === 0 ? '' : `${left.join(', ')}: left out, because ${about} it.` };
}

/**
 * Reads the fields of an issue that Workflow Builder asked for with dynamic options: `fields` in Jira's wire format, and their
 * `names`. `refused`: whole sentences that say why Maro cannot set them. One call to Jira if any field is given, and one for each person.
 */
export async function readToSet(
  given: GivenFields,
  { key, read }: { key: IssueKey; read(text: string): FieldText },
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<{ fields: Record<string, unknown>; names: string[] } | { refused: string }> {
  const entries = Object.entries(given).filter(([, value]) => textOf(value).trim() !== '');
  if (entries.length === 0) return { fields: {}, names: [] };
  const editable = await jira.editable(key);
  if (editable.state !== 'known') return { refused: reasonOf(editable) };
  const fields: Record<string, unknown> = {};
  const names: string[] = [];
  for (const [name, value] of entries) {
    const field = editable.value.find(({ id }) => id === name) ?? editable.value.find((each) => each.name === name);
    if (field === undefined)
      return { refused: `Maro can’t set the field “${harmless(truncate(name, LONGEST_NAME))}”.` };
    const people = { where: key, find: (who: string) => jira.assignableTo(key, who) };
    const parsed = await parse(field, read(textOf(value)), people);
    if (parsed === undefined) continue;
    if ('complaint' in parsed) return { refused: parsed.complaint };
    fields[field.id] = wireValue(parsed);
    names.push(field.name);
  }
  return { fields, names };
}

/** The project or issue in which people are looked up, and the call that does it. */
type People = { where: string; find(name: string): ReturnType<Jira['assignable'] | Jira['assignableTo']> };

/** Workflow Builder sends texts; a variable in a field may be a number or several texts. */
function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

async function parse(field: Field, text: FieldText, people: People) {
  const { kind } = field;
  if (kind === 'person') return text.plain.trim() === '' ? undefined : personIn(field, text.plain, people);
  if (kind !== 'people') return fieldValueOf(field, text);
  const value: string[] = [];
  for (const name of text.plain.split(',').filter((part) => part.trim() !== '')) {
    const person = await personIn(field, name, people);
    if ('complaint' in person) return person;
    value.push(person.value);
  }
  return value.length === 0 ? undefined : ({ kind, value } as const);
}

/** Finds a person by the name that Jira shows, or by the account id. */
async function personIn({ name }: Field, text: string, { where, find }: People) {
  const typed = text.trim().replace(/^@/, '');
  const people = await find(typed);
  if (people.state === 'trouble') return { complaint: people.trouble.message };
  const same = (people.state === 'known' ? people.value : []).filter(
    ({ accountId, displayName }) => accountId === typed || displayName.toLowerCase() === typed.toLowerCase(),
  );
  const [person, ...others] = same;
  if (person !== undefined && others.length === 0) return { kind: 'person', value: person.accountId } as const;
  const who = person === undefined ? 'nobody' : 'several people';
  return { complaint: `${name}: Jira has ${who} named “${truncate(typed, LONGEST_NAME)}” in ${where}.` };
}
