import { type Inputs, type Result, slackFunction } from '../../src/function.ts';
import { reasonOf } from '../../src/issues/act.ts';
import { oneKey } from '../../src/issues/one.ts';
import { hintOf } from '../../src/jira/field-text.ts';
import { describedOption, optionsOf } from '../../src/messages/options.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'edit_field_options',
  title: 'Options: fields of a Jira issue',
  description: 'Fills the menu of fields to set in Maro’s other steps. Don’t add this as a step.',
  source_file: 'functions/options/edit_field_options.ts',
  input_parameters: {
    properties: {
      issue_key: { type: Schema.types.string, title: 'Issue key', description: 'The key of the issue to change.' },
    },
    required: [],
  },
  output_parameters: {
    properties: { options: { type: 'slack#/types/options_field', title: 'Options', description: 'The fields.' } },
    required: ['options'],
  },
});

export const EditFieldOptions = slackFunction(declaration, editFieldOptions);

const NO_KEY = 'Fill in the key of an issue, such as PLAT-12, to see which fields Maro can set.';
/** Fields for which the step has an input of their own. */
const HAVE_INPUTS = new Set(['summary', 'priority', 'labels', 'duedate']);

/** The fields of the issue that Maro may edit and that a step can set, by id. Empty while no issue is named. */
async function editFieldOptions(
  { issue_key = '' }: Inputs<typeof declaration>,
  { services: { jira } }: Context,
): Promise<Result<typeof declaration, undefined>> {
  if (issue_key.trim() === '') return { outputs: { options: [] }, detail: undefined };
  const one = await oneKey(issue_key, jira);
  if ('because' in one) return { error: `${NO_KEY} ${one.because}`, detail: undefined };
  const fields = await jira.editable(one.key);
  if (fields.state !== 'known') return { error: reasonOf(fields), detail: undefined };
  const options = fields.value.flatMap((field) => {
    const hint = HAVE_INPUTS.has(field.id) ? undefined : hintOf(field);
    return hint === undefined ? [] : [describedOption(field.id, field.name, hint)];
  });
  return { outputs: { options: optionsOf(options) }, detail: undefined };
}
