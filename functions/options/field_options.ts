import { type Inputs, type Result, slackFunction } from '../../src/function.ts';
import { typeNamed, typesOf } from '../../src/issues/creation.ts';
import { hintOf } from '../../src/jira/field-text.ts';
import { describedOption, optionsOf } from '../../src/messages/options.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'field_options',
  title: 'Options: required Jira fields',
  description: 'Fills the required fields in Maro’s other steps. Don’t add this as a step.',
  source_file: 'functions/options/field_options.ts',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The key of the chosen project.' },
      issue_type: {
        type: Schema.types.string,
        title: 'Issue type',
        description: 'The chosen type. Leave empty for the usual one.',
      },
    },
    required: [],
  },
  output_parameters: {
    properties: { options: { type: 'slack#/types/options_field', title: 'Options', description: 'The fields.' } },
    required: ['options'],
  },
});

export const FieldOptions = slackFunction(declaration, fieldOptions);

/** The fields that Jira requires of the type and that a step can fill in, by their ids; none while no project is chosen. */
async function fieldOptions(
  { project, issue_type }: Inputs<typeof declaration>,
  { services }: Context,
): Promise<Result<typeof declaration, undefined>> {
  if (project === undefined) return { outputs: { options: [] }, detail: undefined };
  const types = await typesOf(project, services);
  if ('refused' in types) return { error: types.refused, detail: undefined };
  const type = typeNamed(types, issue_type);
  if (type === undefined) return { outputs: { options: [] }, detail: undefined };
  const fields = await services.jira.fields(project, type.id);
  if (fields.state === 'trouble') return { error: fields.trouble.message, detail: undefined };
  const options = (fields.state === 'known' ? fields.value : []).flatMap((field) => {
    const hint = hintOf(field);
    return hint === undefined ? [] : [describedOption(field.id, field.name, hint)];
  });
  return { outputs: { options: optionsOf(options) }, detail: undefined };
}
