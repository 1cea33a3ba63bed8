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
    return found.state === 'known' ? found.value.projects.slice(0, MOST_OPTIONS).map(projectOption) : [];
  }
  const asked = parseFieldBlock(block);
  if (asked === undefined) return [];
  const { project, type } = asked;
  if (action === 'create:person') {
    const people = await jira.assignable(project, query);
    if (people.state !== 'known') return [];
    return people.value.slice(0, MOST_OPTIONS).map(({ accountId, displayName }) => optionOf(accountId, displayName));
  }
  const fields = await jira.fields(project, type);
  const field = fields.state === 'known' ? fields.value.find(({ id }) => id === asked.field) : undefined;
  return field !== undefined && 'options' in field ? optionsMatching(field.options, query) : [];
}
