import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { reasonOf, showActed, subjectOf, unacted, unsent, writeOnce } from '../src/issues/act.ts';
import { editOf, type GivenEdit } from '../src/issues/edit.ts';
import { NO_FIELDS, parseFields, readToSet } from '../src/issues/given-fields.ts';
import { browseUrl } from '../src/key.ts';
import { readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR, ISSUE, ISSUE_KEY, ISSUE_LINK } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'update_issue',
  title: 'Update a Jira issue',
  description: 'Change an issue’s summary, priority, labels, due date, or other fields.',
  source_file: 'functions/update_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      summary: {
        type: Schema.types.string,
        title: 'Summary',
        description: 'One line. Leave empty to keep the summary.',
      },
      priority: {
        type: Schema.types.string,
        title: 'Priority',
        description: 'A name such as High. Leave empty to keep the priority.',
      },
      add_labels: {
        type: Schema.types.string,
        title: 'Labels to add',
        description: 'Labels, separated by spaces or commas.',
      },
      remove_labels: {
        type: Schema.types.string,
        title: 'Labels to remove',
        description: 'Labels, separated by spaces or commas.',
      },
      due_date: {
        type: Schema.types.string,
        title: 'Due date',
        description: 'A date like 2026-11-30, or “none”. Leave empty to keep the date.',
      },
      fields_to_set: {
        type: Schema.types.object,
        title: 'Fields to set',
        description: 'Fields of the issue that Maro can set.',
      },
      fields: {
        type: Schema.types.string,
        title: 'More fields',
        description: 'Other fields, as JSON with Jira’s field IDs.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key'],
  },
  output_parameters: {
    properties: {
      updated: { type: Schema.types.boolean, title: 'Updated', description: 'True if the issue was changed as asked.' },
      issue_key: ISSUE_KEY,
      issue_url: ISSUE_LINK,
      changes: {
        type: Schema.types.string,
        title: 'What was set',
        description: 'The fields and their values, such as “priority High”.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the issue wasn’t changed. Empty if the step succeeded.',
      },
    },
    required: ['updated'],
  },
});

export const UpdateIssue = slackFunction(declaration, updateIssue);

/** Changes fields of an issue, once, with one call to Jira if Maro has stored the issue, and one more for a priority. */
async function updateIssue(
  { issue_key, fields: json = '{}', fields_to_set: toSet = {}, ...inputs }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { jira } = context.services;
  const { summary = '', priority = '', add_labels = '', remove_labels = '', due_date = '' } = inputs;
  const texts = [summary, priority, add_labels, remove_labels, due_date, JSON.stringify(toSet)];
  const { plain, field } = await readerOf(texts, undefined, context);
  const more = parseFields(json);
  if (more === undefined) {
    return nothing('changed', NO_FIELDS);
  }
  const subject = await subjectOf(issue_key, context);
  if ('because' in subject) return unsent(undefined, 'changed', subject.because, context);
  const { key } = subject;
  const set = await readToSet(toSet, { key, read: field }, context.services);
  if ('refused' in set) return unsent(key, 'changed', set.refused, context);
  const given: GivenEdit = {
    summary: plain(summary).trim(),
    priority: plain(priority).trim(),
    add: plain(add_labels),
    remove: plain(remove_labels),
    due: plain(due_date).trim(),
    fields: { ...more, ...set.fields },
    names: [...Object.keys(more), ...set.names],
  };
  const site = await jira.site();
  const edit = await editOf(given, key, jira);
  if ('because' in edit) return unsent(key, 'changed', edit.because, context);
  if (edit.state !== 'known') return unsent(key, 'changed', reasonOf(edit), context);
  const { change, acted, says } = edit.value;
  const written = await writeOnce(
    { send: () => jira.edit(key, change), isDone: () => jira.hasEdit(key, change) },
    context,
  );
  if (written.state !== 'done') return { ...unacted(key, 'changed', written), ...complaintsOf(written) };
  await showActed(subject, acted, context);
  return {
    outputs: { updated: true, issue_key: key, issue_url: browseUrl(site, key), changes: harmless(says), error: '' },
    detail: undefined,
  };
}

/** What Jira says about single fields, for a form. */
function complaintsOf(written: { state: string; fields?: Readonly<Record<string, string>> }) {
  return written.fields === undefined ? {} : { complaints: written.fields };
}
