import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import type { StatusCategory } from '../src/issue.ts';
import { listShown, NOT_VISIBLE, type ShownIssues } from '../src/issues/visible.ts';
import { listedIssues } from '../src/messages/listed.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';

const CATEGORY = { all: undefined, to_do: 'new', in_progress: 'indeterminate', done: 'done' } as const satisfies Record<
  string,
  StatusCategory | undefined
>;

const declaration = DefineFunction({
  callback_id: 'list',
  title: 'List tracked Jira issues',
  description: 'List the Jira issues a channel tracks, sorted by status.',
  source_file: 'functions/list.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to list issues for.',
      },
      status: {
        type: Schema.types.string,
        title: 'Status',
        description: 'Which issues to list.',
        enum: ['all', 'to_do', 'in_progress', 'done'] as const,
        choices: [
          { value: 'all', title: 'All' },
          { value: 'to_do', title: 'To do' },
          { value: 'in_progress', title: 'In progress' },
          { value: 'done', title: 'Done' },
        ],
        default: 'all',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id'],
  },
  output_parameters: {
    properties: {
      listed: { type: Schema.types.boolean, title: 'Listed', description: 'True if the list could be read.' },
      count: {
        type: Schema.types.integer,
        title: 'Count',
        description: 'How many issues match.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of the issues, separated by commas.',
      },
      text: {
        type: Schema.types.string,
        title: 'Text',
        description: 'One line per issue, with its key, summary, status, and link.',
      },
      formatted_list: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted list',
        description: 'The same list with links, for use in a message.',
      },
      skipped: {
        type: Schema.types.string,
        title: 'Skipped',
        description: 'The keys of tracked issues that Maro can no longer show.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the list couldn’t be read. Empty if the step succeeded.',
      },
    },
    required: ['listed'],
  },
});

export const List = slackFunction(declaration, list);

/** The most keys in the outputs. `count` covers further issues as well. */
const MOST_ISSUES = 1_000;

/** Lists the issues that a channel tracks. `skipped` has the keys of issues that must not be shown. */
async function list(
  { channel_id, status }: Inputs<typeof declaration>,
  { tenant, services }: Context,
): Promise<Result<typeof declaration, ShownIssues>> {
  const category = CATEGORY[status];
  const shown = await listShown({ tenant, channel: channel_id, category, limit: MOST_ISSUES, offset: 0 }, services);
  const { counts } = shown;
  const issues = shown.issues.filter((issue) => issue.visible);
  const hidden = shown.issues.filter((issue) => !issue.visible);
  const all = category === undefined ? counts.new + counts.indeterminate + counts.done : counts[category];
  const count = all - hidden.length;
  return {
    outputs: {
      listed: true,
      count,
      ...listedIssues(issues, count),
      skipped: hidden.map(({ key }) => `${key}: ${NOT_VISIBLE}`).join('; '),
      error: '',
    },
    detail: shown,
  };
}
