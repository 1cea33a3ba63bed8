import type { PlainTextOption } from '@slack/types';
import type { Field } from '../../jira/field.ts';
import type { OfIssue } from '../../jira/reading.ts';
import type { JiraTrouble } from '../../jira/trouble.ts';
import { type IssueKey, parseKey } from '../../key.ts';
import { optionOf, optionsMatching, optionsOf } from '../../messages/options.ts';
import type { Services } from '../../services.ts';
import { NO_CHOICE, parseFieldBlock } from './control.ts';
import { projectOption } from './form.ts';

const MAY_NOT_SEARCH = 'Jira doesn’t let Maro search for people. Ask your Maro admin.';

/** The action_ids of the menus that load their options from Jira. */
export const MENUS: readonly string[] = ['create:project', 'create:person', 'create:option'];

/** The options of a menu that match the typed text. When Jira fails, the menu of people says so, and others are empty. */
export async function optionsFor(
  action: string,
  query: string,
  block: string,
  { jira }: Services,
): Promise<PlainTextOption[]> {
  if (action === 'create:project') {
    const found = await jira.projects(query);
    return found.state === 'known' ? optionsOf(found.value.projects.map(projectOption)) : [];
  }
  const asked = parseFieldBlock(block);
  if (asked === undefined) return [];
  const { project, type } = asked;
  const key = parseKey(project);
  if (action === 'create:person') {
    const people = await (key === undefined ? jira.assignable(project, query) : jira.assignableTo(key, query));
    if (people.state !== 'known') return people.state === 'trouble' ? [noChoice(people.trouble)] : [];
    return optionsOf(people.value.map(({ accountId, displayName }) => optionOf(accountId, displayName)));
  }
  const fields = await (key === undefined ? jira.fields(project, type) : fieldsOf(key, type, jira));
  const field = fields.state === 'known' ? fields.value.find(({ id }) => id === asked.field) : undefined;
  return field !== undefined && 'options' in field ? optionsMatching(field.options, query) : [];
}

/** The fields that an issue's transition requires. None if Jira does not offer it any more. */
async function fieldsOf(key: IssueKey, transition: string, jira: Services['jira']): Promise<OfIssue<readonly Field[]>> {
  const offered = await jira.transitionsOf(key);
  if (offered.state !== 'known') return offered;
  return { state: 'known', value: offered.value.find(({ id }) => id === transition)?.required ?? [] };
}

/** An option that says why a menu has no people. Slack has no other way to say so in a menu. */
function noChoice({ kind, what }: JiraTrouble): PlainTextOption {
  return optionOf(NO_CHOICE, kind === 'forbidden' ? MAY_NOT_SEARCH : what);
}
