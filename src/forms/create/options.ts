import type { PlainTextOption } from '@slack/types';
import type { Services } from '../../services.ts';
import { MOST_OPTIONS, optionOf, optionsMatching, parseFieldBlock } from './control.ts';
import { projectOption } from './form.ts';

/** The action_ids of the menus that load their options from Maro. */
export const MENUS: readonly string[] = ['create:project', 'create:person', 'create:option'];

/** The options of a menu that match the typed text. Empty when Jira fails. */
export async function optionsFor(
  action: string,
  query: string,
  block: string,
  { jira }: Services,
): Promise<PlainTextOption[]> {
  if (action === 'create:project') {
    const found = await jira.projects(query);
    return 'projects' in found ? found.projects.slice(0, MOST_OPTIONS).map(projectOption) : [];
  }
  const asked = parseFieldBlock(block);
  if (asked === undefined) return [];
  const { project, type } = asked;
  if (action === 'create:person') {
    const people = await jira.assignable(project, query);
    if (!Array.isArray(people)) return [];
    return people.slice(0, MOST_OPTIONS).map(({ accountId, displayName }) => optionOf(accountId, displayName));
  }
  const fields = await jira.fields(project, type);
  const field = Array.isArray(fields) ? fields.find(({ id }) => id === asked.field) : undefined;
  return field !== undefined && 'options' in field ? optionsMatching(field.options, query) : [];
}
