import type { AdfDocument } from './adf.ts';

/** One of the values that a field allows. Jira identifies it by its id. */
export type Option = { id: string; name: string };

/**
 * A field that Jira requires for a new issue. `id` is like `customfield_10042` or `duedate`;
 * `name` is what people see in Jira. `other`: a field that Maro's forms cannot ask for.
 */
export type Field = { id: string; name: string } & (
  | { kind: 'text' | 'paragraph' | 'number' | 'date' | 'person' | 'other' }
  | { kind: 'single_select' | 'multi_select'; options: readonly Option[] }
);

/**
 * The value that a person entered for a field. A `date` is like
 * `2026-11-30`, selects hold option ids, and `person` holds an account id.
 */
export type FieldValue =
  | { kind: 'text' | 'date' | 'single_select' | 'person'; value: string }
  | { kind: 'paragraph'; value: AdfDocument }
  | { kind: 'number'; value: number }
  | { kind: 'multi_select'; value: readonly string[] };

/**
 * The value in the form that Jira expects in `fields` of a new issue.
 * https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/#creating-an-issue-using-custom-fields
 */
export function wireValue({ kind, value }: FieldValue): unknown {
  if (kind === 'single_select') return { id: value };
  if (kind === 'multi_select') return value.map((id) => ({ id }));
  if (kind === 'person') return { accountId: value };
  return value;
}
