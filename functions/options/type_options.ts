import { type Inputs, type Result, slackFunction } from '../../src/function.ts';
import { typesOf } from '../../src/issues/creation.ts';
import { optionsMatching } from '../../src/messages/options.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'type_options',
  title: 'Options: Jira issue types',
  description: 'Fills the issue type menu in Maro’s other steps. Don’t add this as a step.',
  source_file: 'functions/options/type_options.ts',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The key of the chosen project.' },
      query: { type: Schema.types.string, title: 'Query', description: 'What the person typed.' },
    },
    required: [],
  },
  output_parameters: {
    properties: { options: { type: 'slack#/types/options_select', title: 'Options', description: 'The types.' } },
    required: ['options'],
  },
});

export const TypeOptions = slackFunction(declaration, typeOptions);

/** The types that a ticket of the project can have, by their ids; none while no project is chosen. */
async function typeOptions(
  { project, query = '' }: Inputs<typeof declaration>,
  { services }: Context,
): Promise<Result<typeof declaration, undefined>> {
  if (project === undefined) return { outputs: { options: [] }, detail: undefined };
  const types = await typesOf(project, services);
  if ('refused' in types) return { error: types.refused, detail: undefined };
  return { outputs: { options: optionsMatching(types, query) }, detail: undefined };
}
