import { z } from 'zod';
import { getCreateIssueMetaIssueTypeId, getCreateIssueMetaIssueTypes } from './api.ts';
import type { Connection } from './connection.ts';
import type { Field, Option } from './field.ts';
import type { IssueType } from './issue-type.ts';
import { id, line } from './parse.ts';
import type { JiraResponse } from './transport.ts';

/**
 * Jira returns up to 200 types or fields per page.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-get
 */
const ITEMS_A_PAGE = 200;
/** No project has this many pages of types or fields, so an answer with more pages is treated as unreadable. */
const MOST_PAGES = 20;

/** Fields that every form asks for, and the reporter, which Jira fills in. They are left out of the required fields. */
const ASKED_ANYWAY = new Set(['project', 'issuetype', 'summary', 'description', 'reporter']);

/** The fields that a form offers when the person wants to say more. */
const DETAILS = ['assignee', 'priority', 'labels', 'parent'];

const typeJson = z
  .object({ id, name: line, subtask: z.boolean().default(false), hierarchyLevel: z.int().optional() })
  .transform((type): IssueType => ({ ...type, hierarchyLevel: type.hierarchyLevel ?? (type.subtask ? -1 : 0) }));

const fieldJson = z.object({
  fieldId: z.string().max(255).regex(/^\w+$/),
  name: line,
  required: z.boolean(),
  hasDefaultValue: z.boolean().default(false),
  schema: z.object({
    type: z.string(),
    items: z.string().optional(),
    custom: z.string().optional(),
    system: z.string().optional(),
  }),
  allowedValues: z.array(z.unknown()).default([]),
});

/** A field that need not be filled in. Nothing else about it matters. */
const optional = z.object({ required: z.literal(false) });
const anyField = z.object({ fieldId: z.string() });

/** What `allowedValues` holds beside the options. Jira lists the children of a cascading select under their parents. */
const childrenJson = z.object({ children: z.array(z.unknown()) });

/** An option of a custom field has a `value`; an option of a built-in field (priority, version, component) has a `name`. */
const optionJson = z.union([
  z
    .object({ id, value: line, disabled: z.literal(false).optional() })
    .transform(({ id, value }) => ({ id, name: value })),
  z.object({ id, name: line, archived: z.literal(false).optional() }).transform(({ id, name }) => ({ id, name })),
]);

/**
 * The issue types that a new issue of the project can have, in Jira's order. Undefined if the project does not exist,
 * or if Maro's login may not create issues in it; Jira's answer is the same for both.
 * @throws {JiraTrouble}
 */
export async function readTypes(jira: Connection, project: string): Promise<readonly IssueType[] | undefined> {
  const items = await readPages(jira, 'issueTypes', (paging) =>
    jira.ask((client) => getCreateIssueMetaIssueTypes(client, { projectIdOrKey: project, ...paging })),
  );
  const types = items.flatMap((item) => typeJson.safeParse(item).data ?? []);
  if (types.length < items.length) throw jira.unreadable();
  return types.length === 0 ? undefined : types;
}

/**
 * The fields of a new issue of a type. `required`: the fields that Jira requires and that have no default. `details`: the
 * other fields of the type that are in `DETAILS`. `takesReporter`: whether Maro's login may set the reporter.
 */
export type CreateFields = {
  required: readonly Field[];
  details: readonly Field[];
  takesDescription: boolean;
  takesReporter: boolean;
};

/**
 * The fields that Jira requires for the type, other than those in `ASKED_ANYWAY` and those that have a default, and whether
 * the type takes a description and a reporter, and its details. A field that nobody needs and Maro cannot read is left out. Undefined
 * if the project has no such type, or if `readTypes` would also return undefined.
 * @throws {JiraTrouble}
 */
export async function readFields(jira: Connection, project: string, type: string): Promise<CreateFields | undefined> {
  const items = await readPages(jira, 'fields', (paging) =>
    jira.ask((client) =>
      getCreateIssueMetaIssueTypeId(client, { projectIdOrKey: project, issueTypeId: type, ...paging }),
    ),
  );
  if (items.length === 0) return undefined;
  const required = items.flatMap((item) => {
    if (optional.safeParse(item).success) return [];
    const parsed = fieldJson.safeParse(item);
    if (!parsed.success) throw jira.unreadable();
    const { fieldId, hasDefaultValue } = parsed.data;
    return hasDefaultValue || ASKED_ANYWAY.has(fieldId) ? [] : [fieldOf(parsed.data)];
  });
  const details = DETAILS.flatMap((id) => {
    const item = items.find((each) => anyField.safeParse(each).data?.fieldId === id);
    const parsed = fieldJson.safeParse(item).data;
    const field = parsed === undefined || required.some((each) => each.id === id) ? undefined : fieldOf(parsed);
    return field === undefined || field.kind === 'other' ? [] : [field];
  });
  const has = (id: string) => items.some((item) => anyField.safeParse(item).data?.fieldId === id);
  return { required, details, takesDescription: has('description'), takesReporter: has('reporter') };
}

/** The custom types that are told apart from others of the same type of value, by the names that their apps give them. */
const TEXTAREA = 'com.atlassian.jira.plugin.system.customfieldtypes:textarea';
const EPIC_NAME = 'com.pyxis.greenhopper.jira:gh-epic-label';
const SPRINT = 'com.pyxis.greenhopper.jira:gh-sprint';

/** Types of which a field holds one of its `allowedValues`, and types of which it may hold several. */
const ONE_OF = ['option', 'priority', 'version', 'component', 'securitylevel', 'resolution'];
const SOME_OF = ['option', 'version', 'component'];

/**
 * The field, with the kind of input that a form uses for it. The kind follows from the type of the value, so that it is known
 * for fields of other vendors' apps, too. A sprint is a list of strings on some sites, and Jira takes a number for it.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/#api-rest-api-3-field-post
 */
function fieldOf({ fieldId, name, schema, allowedValues }: z.infer<typeof fieldJson>): Field {
  const { type, custom, system } = schema;
  const field = { id: fieldId, name };
  if (type === 'string') {
    if (custom === EPIC_NAME) return { ...field, kind: 'epic_name' };
    return { ...field, kind: custom === TEXTAREA || system === 'environment' ? 'paragraph' : 'text' };
  }
  if (type === 'number' || type === 'date' || type === 'datetime') return { ...field, kind: type };
  if (type === 'user') return { ...field, kind: 'person' };
  if (type === 'issuelink' && system === 'parent') return { ...field, kind: 'parent' };
  const items = type === 'array' && custom !== SPRINT ? schema.items : undefined;
  if (items === 'string') return { ...field, kind: 'labels' };
  if (items === 'user') return { ...field, kind: 'people' };
  const options = optionsIn(allowedValues);
  if (options.length === 0) return { ...field, kind: 'other' };
  if (type === 'option-with-child') return { ...field, kind: 'cascading_select', options: cascadeOf(allowedValues) };
  if (ONE_OF.includes(type)) return { ...field, kind: 'single_select', options };
  return SOME_OF.includes(items ?? '') ? { ...field, kind: 'multi_select', options } : { ...field, kind: 'other' };
}

/** A field of an issue's screen by its id, and whether Jira requires it; undefined if Maro cannot read it. */
export function fieldIn(fieldId: string, json: unknown): { field: Field; required: boolean } | undefined {
  const parsed = fieldJson.safeParse({ ...(json as object | null), fieldId }).data;
  return parsed && { field: fieldOf(parsed), required: parsed.required };
}

function optionsIn(values: readonly unknown[]): Option[] {
  return values.flatMap((value) => optionJson.safeParse(value).data ?? []);
}

/** The options of a cascading select, each followed by its children under their common name. Jira takes a parent alone, too. */
function cascadeOf(values: readonly unknown[]): Option[] {
  return values.flatMap((value) => {
    const [parent] = optionsIn([value]);
    if (parent === undefined) return [];
    const children = optionsIn(childrenJson.safeParse(value).data?.children ?? []);
    return [
      parent,
      ...children.map(({ id, name }) => ({ id: `${parent.id}/${id}`, name: `${parent.name} › ${name}` })),
    ];
  });
}

/** All items of a paged list; an empty list if Jira knows no such project or type. @throws {JiraTrouble} */
async function readPages(
  jira: Connection,
  list: 'issueTypes' | 'fields',
  ask: (paging: { startAt: number; maxResults: number }) => Promise<JiraResponse>,
): Promise<unknown[]> {
  const page = z.object({ [list]: z.array(z.unknown()), total: z.int().optional() });
  const items: unknown[] = [];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { status, json } = await ask({ startAt: items.length, maxResults: ITEMS_A_PAGE });
    if (status === 400 || status === 404) return [];
    const parsed = status === 200 ? page.safeParse(json).data : undefined;
    const more = parsed?.[list];
    if (!Array.isArray(more)) throw jira.unreadable();
    items.push(...more);
    const total = typeof parsed?.total === 'number' ? parsed.total : items.length;
    if (more.length === 0 || items.length >= total) return items;
  }
  throw jira.unreadable();
}
