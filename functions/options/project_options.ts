import { type Inputs, type Result, slackFunction } from '../../src/function.ts';
import { optionOf, optionsOf } from '../../src/messages/options.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'project_options',
  title: 'Options: Jira projects',
  description: 'Fills the project menu in Maro’s other steps. Don’t add this as a step.',
  source_file: 'functions/options/project_options.ts',
  input_parameters: {
    properties: { query: { type: Schema.types.string, title: 'Query', description: 'What the person typed.' } },
    required: [],
  },
  output_parameters: {
    properties: { options: { type: 'slack#/types/options_select', title: 'Options', description: 'The projects.' } },
    required: ['options'],
  },
});

export const ProjectOptions = slackFunction(declaration, projectOptions);

/** The projects in which Maro may create issues and whose key or name contains the query, by their keys. */
async function projectOptions(
  { query = '' }: Inputs<typeof declaration>,
  { services: { jira } }: Context,
): Promise<Result<typeof declaration, undefined>> {
  const found = await jira.projects(query);
  if (found.state === 'trouble') return { error: found.trouble.message, detail: undefined };
  const options = optionsOf(found.value.projects.map(({ key, name }) => optionOf(key, `${name} (${key})`)));
  return { outputs: { options }, detail: undefined };
}
