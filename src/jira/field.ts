import type { AdfDocument } from './adf.ts';

/** One of the values that a field allows. Jira identifies it by its id. */
export type Option = { id: string; name: string };

/**
 * A field of a new issue. `id` is like `customfield_10042` or `duedate`; `name` is what people see in Jira.
 * The options of a `cascading_select` are its parents and its children; the id of a child is `10320/10321`.
 * `epic_name`: the short name of an epic. `other`: a field that Maro's forms cannot ask for.
 */
export type Field = { id: string; name: string } & (
  | { kind: 'text' | 'paragraph' | 'number' | 'date' | 'datetime' | 'labels' | 'person' | 'people' }
  | { kind: 'epic_name' | 'parent' | 'other' }
  | { kind: 'single_select' | 'multi_select' | 'cascading_select'; options: readonly Option[] }
);

/**
 * The value that a person entered for a field. A `date` is like `2026-11-30`, a `datetime` is in seconds since 1970, selects
 * hold option ids, `person` and `people` hold account ids, and `parent` holds an issue key.
 */
export type FieldValue =
  | { kind: 'text' | 'epic_name' | 'date' | 'single_select' | 'cascading_select' | 'person' | 'parent'; value: string }
  | { kind: 'paragraph'; value: AdfDocument }
  | { kind: 'number' | 'datetime'; value: number }
  | { kind: 'multi_select' | 'labels' | 'people'; value: readonly string[] };

/**
 * The value in the form that Jira expects in `fields` of a new issue.
 * https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/#creating-an-issue-using-custom-fields
 */
export function wireValue({ kind, value }: FieldValue): unknown {
  switch (kind) {
    case 'single_select':
      return { id: value };
    case 'multi_select':
      return value.map((id) => ({ id }));
    case 'cascading_select': {
      const [id, child] = value.split('/');
      return child === undefined ? { id } : { id, child: { id: child } };
    }
    case 'person':
      return { accountId: value };
    case 'people':
      return value.map((accountId) => ({ accountId }));
    case 'parent':
      return { key: value };
    case 'datetime':
      return new Date(value * 1000).toISOString().replace('Z', '+0000');
    default:
      return value;
  }
}

/** The labels in typed text, without repeats. A label of Jira's has no space, so spaces separate labels as commas do. */
export function labelsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((label) => label !== ''))];
}

/** Jira: "The label exceeds the limit of 255 characters." */
export const LONGEST_LABEL = 255;
