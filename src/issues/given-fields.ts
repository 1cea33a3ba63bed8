import { type Field, wireValue } from '../jira/field.ts';
import { type FieldText, fieldValueOf } from '../jira/field-text.ts';
import type { IssueType } from '../jira/issue-type.ts';
import type { Context } from '../services.ts';
import { harmless, truncate } from '../slack/text.ts';

/** The values that a step has for fields, by the fields' ids or names. */
export type GivenFields = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 80;

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
    const parsed = await parse(field, read(text), project, jira);
    if (parsed === undefined) continue;
    if ('complaint' in parsed) return { refused: parsed.complaint };
    fields[field.id] = wireValue(parsed);
  }
  const about = `${harmless(type.name)} in ${project} does not require`;
  return { fields, left: left.length === 0 ? '' : `${left.join(', ')}: left out, since ${about} it.` };
}

/** Workflow Builder sends texts; a variable in a field may be a number or several texts. */
function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(textOf)
      .filter((text) => text !== '')
      .join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

async function parse(field: Field, text: FieldText, project: string, jira: Context['services']['jira']) {
  const { kind } = field;
  if (kind === 'person') return text.plain.trim() === '' ? undefined : personIn(field, text.plain, project, jira);
  if (kind !== 'people') return fieldValueOf(field, text);
  const value: string[] = [];
  for (const name of text.plain.split(',').filter((part) => part.trim() !== '')) {
    const person = await personIn(field, name, project, jira);
    if ('complaint' in person) return person;
    value.push(person.value);
  }
  return value.length === 0 ? undefined : ({ kind, value } as const);
}

/** Finds a person by the name that Jira shows, or by the account id. */
async function personIn({ name }: Field, text: string, project: string, jira: Context['services']['jira']) {
  const typed = text.trim().replace(/^@/, '');
  const people = await jira.assignable(project, typed);
  if (people.state === 'trouble') return { complaint: people.trouble.message };
  const same = (people.state === 'known' ? people.value : []).filter(
    ({ accountId, displayName }) => accountId === typed || displayName.toLowerCase() === typed.toLowerCase(),
  );
  const [person, ...others] = same;
  if (person !== undefined && others.length === 0) return { kind: 'person', value: person.accountId } as const;
  const why = person === undefined ? 'Jira shows nobody of that name' : 'Jira shows several people of that name';
  return { complaint: `${name}: ${why} in ${project}, “${truncate(typed, LONGEST_NAME)}”.` };
}
