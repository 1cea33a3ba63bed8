import type { Edit } from '../jira/edit.ts';
import { labelsIn, type Option } from '../jira/field.ts';
import { fieldValueOf } from '../jira/field-text.ts';
import type { OfIssue } from '../jira/reading.ts';
import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import { harmless, truncate } from '../slack/text.ts';
import type { Acted } from '../tracker/acted.ts';

/** What to change, in words. An empty text leaves the field as it is. `fields` are in the form that Jira expects. */
export type GivenEdit = {
  summary: string;
  priority: string;
  add: string;
  remove: string;
  due: string;
  fields: Readonly<Record<string, unknown>>;
  /** The names of `fields`, as people know them. */
  names: readonly string[];
};

/** The change for Jira, what of it Maro stores, and the change in words, such as "priority High". */
type Prepared = { change: Edit; acted: Acted; says: string };

const LONGEST_NAME = 80;

/** Reads what to change. `because` is whole sentences that say what is wrong. Asks Jira for the priorities if one is given. */
export async function editOf(
  given: GivenEdit,
  key: IssueKey,
  jira: Services['jira'],
): Promise<OfIssue<Prepared> | { because: string }> {
  const { summary, priority, due } = given;
  const [add, remove] = [labelsIn(given.add), labelsIn(given.remove)];
  const both = add.find((label) => remove.includes(label));
  if (both !== undefined) return { because: `The label “${shown(both)}” can’t be both added and removed.` };
  const fields: Record<string, unknown> = { ...given.fields };
  const acted: Acted = {};
  const says: string[] = [...given.names];
  if (summary !== '') {
    fields.summary = acted.summary = summary;
    says.push('summary');
  }
  if (due !== '') {
    const date = dateOf(due);
    if (date !== null && typeof date !== 'string') return date;
    fields.duedate = date;
    says.push(date === null ? 'no due date' : `due date ${date}`);
  }
  if (priority !== '') {
    const found = await priorityNamed(priority, key, jira);
    if ('because' in found || found.state !== 'known') return found;
    const { id, name } = found.value;
    fields.priority = { id };
    acted.priority = name;
    says.push(`priority ${name}`);
  }
  if (add.length > 0) says.push(`added labels ${add.join(' ')}`);
  if (remove.length > 0) says.push(`removed labels ${remove.join(' ')}`);
  if (says.length === 0) return { because: 'Add what to change.' };
  const labels = add.length + remove.length === 0 ? {} : { labels: { add, remove } };
  return { state: 'known', value: { change: { fields, ...labels }, acted, says: says.join(', ') } };
}

/** Finds a priority by name among those that the issue can have. One call to Jira. */
export async function priorityNamed(
  priority: string,
  key: IssueKey,
  jira: Services['jira'],
): Promise<OfIssue<Option> | { because: string }> {
  const found = await jira.priorities(key);
  if (found.state !== 'known') return found;
  const { compare } = new Intl.Collator(undefined, { sensitivity: 'accent' });
  const option = found.value.find(({ name }) => compare(name, priority) === 0);
  return option === undefined ? { because: noPriority(priority, found.value) } : { state: 'known', value: option };
}

function dateOf(text: string): string | null | { because: string } {
  if (/^none$/i.test(text)) return null;
  const field = { id: 'duedate', name: 'Due date', kind: 'date' } as const;
  const read = fieldValueOf(field, { plain: text, linked: text });
  if (read === undefined) return null;
  return 'complaint' in read ? { because: harmless(read.complaint) } : String(read.value);
}

function noPriority(priority: string, options: readonly { name: string }[]): string {
  const names = options.map(({ name }) => name).join(', ');
  if (names === '') return 'Jira doesn’t let Maro set the priority.';
  return harmless(`Jira doesn’t offer the priority “${shown(priority)}” here. It offers ${names}.`);
}

function shown(text: string): string {
  return truncate(text, LONGEST_NAME);
}
