import { type Inputs, type Result, slackFunction } from '../../src/function.ts';
import { optionOf, optionsOf } from '../../src/messages/options.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import type { Context } from '../../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'epic_options',
  title: 'Options: Jira epics',
  description: 'Fills the epic menu in Maro’s other steps. Don’t add this as a step.',
  source_file: 'functions/options/epic_options.ts',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The key of the chosen project.' },
      query: { type: Schema.types.string, title: 'Query', description: 'What the person typed.' },
    },
    required: [],
  },
  output_parameters: {
    properties: { options: { type: 'slack#/types/options_select', title: 'Options', description: 'The epics.' } },
    required: ['options'],
  },
});

export const EpicOptions = slackFunction(declaration, epicOptions);

/** The project's epics that are not done and whose key or summary contains the query, by their keys, the latest first. */
async function epicOptions(
  { project, query = '' }: Inputs<typeof declaration>,
  { services: { jira } }: Context,
): Promise<Result<typeof declaration, undefined>> {
  if (project === undefined) return { outputs: { options: [] }, detail: undefined };
  const epics = await jira.epics(project);
  if (epics.state === 'trouble') return { error: epics.trouble.message, detail: undefined };
  const words = query.trim().toLowerCase();
  const labels = (epics.state === 'known' ? epics.value : []).map(
    ({ key, summary }) => [key, `${key} ${summary}`] as const,
  );
  const options = labels.filter(([, label]) => label.toLowerCase().includes(words)).map((epic) => optionOf(...epic));
  return { outputs: { options: optionsOf(options) }, detail: undefined };
}
