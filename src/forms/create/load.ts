import type { Issue } from '../../issue.ts';
import { takesDescription } from '../../issues/creation.ts';
import type { Jira } from '../../jira/client.ts';
import { defaultType, type IssueType } from '../../jira/issue-type.ts';
import type { Project } from '../../jira/projects.ts';
import type { JiraTrouble } from '../../jira/trouble.ts';
import { type RichTextBlock, wordsIn } from '../../messages/rich-text.ts';
import { type Form, shownFields } from './form.ts';
import { type Chosen, parseGiven } from './given.ts';
import type { Origin } from './origin.ts';
import { type OwnForm, ownForm } from './own-form.ts';
import type { Values } from './values.ts';

/**
 * Builds the form for a project and a type. Without a type, the form has the type called `typeName` or the
 * project's default type. Without a project, the form asks for one. An error from Jira becomes the sentence on top.
 */
export async function loadForm(
  wanted: Chosen,
  origin: Origin,
  values: Values,
  jira: Jira,
  more: { sentence?: string; duplicates?: readonly Issue[]; typeName?: string | undefined } = {},
): Promise<Form> {
  const empty: Form = {
    origin,
    project: undefined,
    types: [],
    type: undefined,
    fields: [],
    details: [],
    takesDescription: true,
    elsewhere: undefined,
    values,
  };
  const { typeName, ...shown } = more;
  const form = { ...empty, ...shown };
  if (wanted.project === undefined) return form;
  const found = await jira.project(wanted.project);
  if (found.state === 'trouble') return troubled(form, found.trouble);
  const project = found.value;
  if (project === undefined)
    return { ...form, sentence: `Maro can no longer see the project ${wanted.project} in Jira.` };
  const ofProject = await jira.issueTypes(project.key);
  if (ofProject.state === 'trouble') return troubled({ ...form, project }, ofProject.trouble);
  if (ofProject.state !== 'known')
    return { ...form, project, sentence: `Maro isn’t allowed to create issues in ${project.key}.` };
  const types = ofProject.value;
  const chosen = types.find(({ id }) => id === wanted.type);
  if (wanted.type !== undefined && chosen === undefined) {
    return {
      ...form,
      project,
      types,
      sentence: `${project.key} no longer has this type. Choose another one.`,
    };
  }
  const type = chosen ?? types.find(({ name }) => name === typeName) ?? defaultType(types);
  if (type === undefined) return { ...form, project, types };
  const ofType = await jira.fields(project.key, type.id);
  if (ofType.state === 'trouble') return troubled({ ...form, project, types, type }, ofType.trouble);
  if (ofType.state !== 'known')
    return { ...form, project, types, type, sentence: `${project.key} has changed in Jira. Choose the type again.` };
  const fields = ofType.value;
  const takes = await takesDescription(project.key, type.id, { jira });
  const offered = await jira.details(project.key, type.id);
  const details = offered.state === 'known' ? offered.value : [];
  const full = { ...form, project, types, type, fields, details, takesDescription: takes };
  return { ...full, elsewhere: await elsewhere(full, project, type, jira) };
}

function troubled(form: Form, trouble: JiraTrouble): Form {
  return { ...form, sentence: trouble.with('Nothing was created.') };
}

/** Jira's own form, if Jira requires a field that Maro's form cannot ask for. */
async function elsewhere(form: Form, project: Project, type: IssueType, jira: Jira): Promise<OwnForm | undefined> {
  if (!form.fields.some(({ kind }) => kind === 'other')) return undefined;
  const site = await jira.site().catch(() => undefined);
  if (site === undefined) return undefined;
  const shown = shownFields(form);
  const { summary, description, fields, complaints, thread } = parseGiven(form.values, project.key, type.id, shown);
  const unread = shown.filter(({ id }) => Object.hasOwn(complaints, id)).map(({ name }) => `“${name}”`);
  const besides = [...unread, ...(thread === 'nothing' ? [] : ['the thread'])];
  const words = form.takesDescription ? descriptionWords(description, form.origin) : '';
  return ownForm(site, { project: project.id, type: type.id, summary, description: words, fields, besides });
}

/** The description as plain text, with the link to the message that it comes from. */
function descriptionWords(description: RichTextBlock | undefined, { messageLink }: Origin): string {
  const source = messageLink === undefined ? [] : [`From a message in Slack: ${messageLink}`];
  return [...(description === undefined ? [] : [wordsIn(description)]), ...source].join('\n\n');
}
