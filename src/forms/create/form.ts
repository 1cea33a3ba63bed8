import type { InputBlock, KnownBlock } from '@slack/types';
import type { Issue } from '../../issue.ts';
import { noDescription } from '../../issues/creation.ts';
import type { Field } from '../../jira/field.ts';
import type { IssueType } from '../../jira/issue-type.ts';
import type { Project } from '../../jira/projects.ts';
import { browseUrl } from '../../key.ts';
import { button } from '../../messages/blocks.ts';
import { initialValue } from '../../messages/initial-value.ts';
import { MOST_OPTIONS, optionOf } from '../../messages/options.ts';
import { parseRichText } from '../../messages/rich-text.ts';
import { inputView, type ModalView, words } from '../../messages/views.ts';
import { escapeWithin, plainMrkdwn, truncate } from '../../slack/text.ts';
import { controlFor, fieldBlock, parseFieldBlock, typeBlock } from './control.ts';
import { encodeOrigin, type Origin } from './origin.ts';
import type { OwnForm } from './own-form.ts';
import { threadInputs } from './thread.ts';
import { type ElementState, stateOf, type Values } from './values.ts';

/** The callback_id of the view and of its submission. */
export const CREATE_FORM = 'create_ticket';
export const CREATE_TITLE = 'Create Jira issue';

/** The data that the form is rendered from. `types` are the project's, and `fields` are those of the project and the type. */
export type Form = {
  origin: Origin;
  project: Project | undefined;
  types: readonly IssueType[];
  type: IssueType | undefined;
  fields: readonly Field[];
  /** The optional details of the project and the type, whether the form shows them or only offers them. */
  details: readonly Field[];
  /** Whether a ticket of the type can have a description. */
  takesDescription: boolean;
  /** Jira's own form, if Jira requires a field that this form cannot ask for. */
  elsewhere: OwnForm | undefined;
  values: Values;
  /** An error, shown on top. */
  sentence?: string | undefined;
  duplicates?: readonly Issue[];
};

/** Slack takes 100 blocks in a view. With more fields than this there may be no room for the details. */
const MOST_FIELDS_WITH_DETAILS = 80;

/** The fields that the form shows: those that Jira requires, and the details if the person asked for them. */
export function shownFields({ origin, fields, details }: Form): readonly Field[] {
  return origin.details ? [...fields, ...details] : fields;
}

/** Renders the form, filled with the values that it held before. */
export function formView(form: Form): ModalView {
  const { origin, project, sentence, duplicates = [] } = form;
  const submit = duplicates.length === 0 ? 'Create' : 'Create anyway';
  return inputView({ callback: CREATE_FORM, title: CREATE_TITLE, submit, metadata: encodeOrigin(origin) }, [
    ...(sentence === undefined ? [] : [words(sentence)]),
    ...duplicateBlocks(duplicates),
    projectInput(project),
    ...typeInput(form),
    summaryInput(form),
    ...fieldBlocks(form),
    ...descriptionBlocks(form),
    ...detailBlocks(form),
    ...(origin.channel === undefined ? [channelInput(form)] : []),
  ]);
}

function input(block_id: string, label: string, element: InputBlock['element'], more: object = {}): InputBlock {
  return { type: 'input', block_id, label: { type: 'plain_text', text: label }, element, ...more };
}

function duplicateBlocks(duplicates: readonly Issue[]): KnownBlock[] {
  if (duplicates.length === 0) return [];
  return [
    words('This issue may already exist. Link to one of these instead, or create it anyway.'),
    ...duplicates.map(({ site, key, summary, status }): KnownBlock => {
      const text = `<${browseUrl(site, key)}|${key}> ${plainMrkdwn(truncate(summary, 200))} · ${plainMrkdwn(truncate(status, 60))}`;
      return {
        type: 'section',
        block_id: `duplicate ${key}`,
        text: { type: 'mrkdwn', text, verbatim: true },
        accessory: button('create:link', 'Link to this instead', key),
      };
    }),
  ];
}

/** The project menu. Slack asks Maro for matching projects as the person types, since Jira may have thousands. */
export function projectInput(project: Project | undefined, dispatch_action = true): InputBlock {
  const initial = project === undefined ? {} : { initial_option: projectOption(project) };
  const element = { type: 'external_select' as const, action_id: 'create:project', min_query_length: 0, ...initial };
  return input('project', 'Project', element, { dispatch_action });
}

export function projectOption({ key, name }: Project) {
  return optionOf(key, `${name} (${key})`);
}

function typeInput({ project, types, type }: Form): InputBlock[] {
  const options = types
    .filter(({ subtask }) => !subtask)
    .slice(0, MOST_OPTIONS)
    .map(({ id, name }) => optionOf(id, name));
  if (project === undefined || options.length === 0) return [];
  const initial = type === undefined ? {} : { initial_option: optionOf(type.id, type.name) };
  const element = { type: 'static_select' as const, action_id: 'create:type', options, ...initial };
  return [input(typeBlock(project.key), 'Type', element, { dispatch_action: true })];
}

function summaryInput({ values }: Form): InputBlock {
  const { value } = stateOf(values, 'summary');
  const initial = value ? { initial_value: value } : {};
  return input('summary', 'Summary', { type: 'plain_text_input', action_id: 'summary', ...initial });
}

/** The description and the thread, or a sentence if the type takes no description. */
function descriptionBlocks(form: Form): KnownBlock[] {
  const { origin, project, type, takesDescription } = form;
  if (project !== undefined && type !== undefined && !takesDescription) {
    return [words(noDescription(project.key, type.name))];
  }
  return [descriptionInput(form), ...(origin.inThread ? threadInputs(form.values) : [])];
}

function descriptionInput({ values }: Form): InputBlock {
  const text = parseRichText(stateOf(values, 'description').rich_text_value);
  const initial = text === undefined ? {} : { initial_value: initialValue(text, new Map()) };
  const element = { type: 'rich_text_input' as const, action_id: 'description', ...initial };
  return input('description', 'Description', element, { optional: true });
}

function fieldBlocks({ project, type, fields, elsewhere, values }: Form): KnownBlock[] {
  if (project === undefined || type === undefined) return [];
  const unasked = fields.filter(({ kind }) => kind === 'other');
  const inputs = fields.flatMap((field) => {
    const id = fieldBlock(project.key, type.id, field.id);
    return controlFor(field, id, heldBy(field, id, values)) ?? [];
  });
  return [...inputs, ...(unasked.length === 0 ? [] : [unaskedBlock(unasked, type, elsewhere)])];
}

/** The details, or the button that shows them. */
function detailBlocks({ origin, project, type, fields, details, values }: Form): KnownBlock[] {
  if (project === undefined || type === undefined || details.length === 0) return [];
  if (fields.length > MOST_FIELDS_WITH_DETAILS) return [];
  if (!origin.details) {
    return [{ type: 'actions', block_id: 'details', elements: [button('create:details', 'More details', 'details')] }];
  }
  return details.flatMap((field) => {
    const id = fieldBlock(project.key, type.id, field.id);
    return controlFor(field, id, detailHeld(field, project.key, values), true) ?? [];
  });
}

/** What a detail holds. It means the same for every type of a project, so it is kept when the type changes. */
function detailHeld({ id }: Field, project: string, values: Values): ElementState {
  const block = Object.keys(values).find((each) => {
    const parsed = parseFieldBlock(each);
    return parsed?.project === project && parsed.field === id;
  });
  return block === undefined ? {} : stateOf(values, block);
}

/** What a field holds. An epic's name begins with the summary. */
function heldBy({ kind }: Field, id: string, values: Values): ElementState {
  return kind === 'epic_name' && !Object.hasOwn(values, id) ? stateOf(values, 'summary') : stateOf(values, id);
}

/**
 * Links to Jira's own form. The link carries what had been typed when this form was drawn. The text names the values that
 * the link cannot carry.
 */
function unaskedBlock(unasked: readonly Field[], type: IssueType, elsewhere: OwnForm | undefined): KnownBlock {
  const where = elsewhere === undefined ? 'Jira’s own form' : `<${elsewhere.url}|Jira’s own form>`;
  const sentences = [
    `${unaskedWords(unasked, type)}, and Maro can’t ask for that.`,
    `Create the issue in ${where}. Press Create first to carry over what you typed.`,
    ...leftWords(elsewhere?.left ?? []),
  ];
  return { type: 'section', text: { type: 'mrkdwn', text: sentences.join(' '), verbatim: true } };
}

/** Says what Jira requires and this form cannot ask for, in a text for mrkdwn. */
function unaskedWords(unasked: readonly Field[], type: IssueType): string {
  const names = unasked.map(({ name }) => `“${escapeWithin(name, 80)}”`);
  return `Jira requires ${names.slice(0, 3).join(', ')} for ${escapeWithin(type.name, 120)}`;
}

function leftWords(left: readonly string[]): string[] {
  if (left.length === 0) return [];
  const names = escapeWithin(left.map((name) => truncate(name, 60)).join(', '), 300);
  return [`Not carried over: ${names}.`];
}

function channelInput({ values }: Form): InputBlock {
  const { selected_conversation } = stateOf(values, 'channel');
  const initial = selected_conversation
    ? { initial_conversation: selected_conversation }
    : { default_to_current_conversation: true };
  const hint = {
    type: 'plain_text',
    text: 'Where the issue is tracked and shown. Leave empty to create it without tracking.',
  };
  const element = { type: 'conversations_select' as const, action_id: 'channel', ...initial };
  return input('channel', 'Channel', element, { optional: true, hint });
}
