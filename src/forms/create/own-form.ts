import type { FieldValue } from '../../jira/field.ts';
import { linesOf } from '../../messages/lines.ts';
import type { TypedField } from './given.ts';

/** Jira's own form for a new issue. `left` names the typed values that its address cannot carry. */
export type OwnForm = { url: string; left: readonly string[] };

/** What a person typed into Maro's form. */
export type TypedTicket = {
  /** The ids of the project and of the type. */
  project: string;
  type: string;
  summary: string;
  /** Empty if there is none. */
  description: string;
  fields: readonly TypedField[];
  /** What Jira's own form has no place for, such as the thread. */
  besides: readonly string[];
};

/** Slack takes 3,000 characters in a section, and the sentence around the address needs some of them. */
const LONGEST_ADDRESS = 2_000;

/**
 * The address of Jira's own form, with as much of what was typed as it can carry. A value that would make the address too long is left
 * out whole. Dates are left out, since the form wants them as the site writes dates, and so are parents and several people, for
 * which no parameter is documented.
 * https://confluence.atlassian.com/jirakb/how-to-create-issues-using-direct-html-links-in-jira-server-159474.html
 */
export function ownForm(site: string, typed: TypedTicket): OwnForm {
  const { project, type, summary, description, fields, besides } = typed;
  const form = new URL(`${site}/secure/CreateIssueDetails!init.jspa`);
  form.searchParams.append('pid', project);
  form.searchParams.append('issuetype', type);
  const left: string[] = [];
  const carry = (name: string, parameters: readonly (readonly [string, string])[] | undefined) => {
    const longer = new URL(form);
    for (const [key, value] of parameters ?? []) longer.searchParams.append(key, value);
    if (parameters === undefined || longer.href.length > LONGEST_ADDRESS) left.push(name);
    else form.search = longer.search;
  };
  if (summary !== '') carry('the summary', [['summary', summary]]);
  for (const { field, value } of fields) carry(`“${field.name}”`, parametersOf(field.id, value));
  if (description !== '') carry('the description', [['description', description]]);
  return { url: form.href, left: [...left, ...besides] };
}

/** The parameters that carry a value; undefined if none can. */
function parametersOf(id: string, { kind, value }: FieldValue): (readonly [string, string])[] | undefined {
  switch (kind) {
    case 'paragraph':
      return [[id, linesOf(value).join('\n')]];
    case 'labels':
    case 'multi_select':
      return value.map((each) => [id, each]);
    case 'cascading_select': {
      const [parent = '', child] = value.split('/');
      return child === undefined
        ? [[id, parent]]
        : [
            [id, parent],
            [`${id}:1`, child],
          ];
    }
    case 'date':
    case 'datetime':
    case 'people':
    case 'parent':
      return undefined;
    default:
      return [[id, String(value)]];
  }
}
