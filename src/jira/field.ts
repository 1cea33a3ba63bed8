import type { AdfDocument } from './adf.ts';

/** One of the values that a field allows. Jira knows it by its id. */
export type Option = { id: string; name: string };

/**
 * A field that Jira requires for a new issue, by its id (`customfield_10042`, `duedate`), with the name that people know it
 * by. `other`: one that a form of Maro's cannot ask for.
 */
export type Field = { id: string; name: string } & (
  | { kind: 'text' | 'paragraph' | 'number' | 'date' | 'person' | 'other' }
  | { kind: 'single_select' | 'multi_select'; options: readonly Option[] }
);

/** What a person gave for a field. `date` is `2026-11-30`; selects have ids of options, `person` an account id. */
export type FieldValue =
  | { kind: 'text' | 'date' | 'single_select' | 'person'; value: string }
  | { kind: 'paragraph'; value: AdfDocument }
  | { kind: 'number'; value: number }
  | { kind: 'multi_select'; value: readonly string[] };

/**
 * The value as Jira takes it in `fields` of a new issue.
 * https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/#creating-an-issue-using-custom-fields
 */
export function wireValue({ kind, value }: FieldValue): unknown {
  if (kind === 'single_select') return { id: value };
  if (kind === 'multi_select') return value.map((id) => ({ id }));
  if (kind === 'person') return { accountId: value };
  return value;
}
