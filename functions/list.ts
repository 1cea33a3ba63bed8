import { DefineFunction, Schema } from '@slack/deno-slack-sdk';
import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import type { StatusCategory } from '../src/issue.ts';
import { listShown, NOT_VISIBLE, type ShownIssues } from '../src/issues/visible.ts';
import { browseUrl } from '../src/key.ts';
import type { Context } from '../src/services.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const CATEGORY = { all: undefined, to_do: 'new', in_progress: 'indeterminate', done: 'done' } as const satisfies Record<
  string,
  StatusCategory | undefined
>;

const declaration = DefineFunction({
  callback_id: 'list',
  title: 'List tracked Jira issues',
  description: 'The Jira issues that a channel is about: in progress, to do, done, and newest first in each',
  source_file: 'functions/list.ts',
  input_parameters: {
    properties: {
      channel_id: { type: Schema.slack.types.channel_id, title: 'Channel', description: 'The channel to list' },
      status: {
        type: Schema.types.string,
        title: 'Status',
        description: 'Which issues: all, to_do, in_progress or done',
        enum: ['all', 'to_do', 'in_progress', 'done'] as const,
        default: 'all',
      },
      continue_on_error: {
        type: Schema.types.boolean,
        title: 'Go on when this fails',
        description: 'Let the workflow go on when the list cannot be read; Error then says why',
        default: false,
      },
    },
    required: ['channel_id'],
  },
  output_parameters: {
    properties: {
      listed: { type: Schema.types.boolean, title: 'Listed', description: 'Whether the list could be read' },
      count: {
        type: Schema.types.integer,
        title: 'Count',
        description: 'How many issues there are that Maro may show',
      },
      issue_keys: { type: Schema.types.string, title: 'Issue keys', description: 'Their keys, separated by commas' },
      text: {
        type: Schema.types.string,
        title: 'Text',
        description: 'A line for each issue: key, summary, status and link',
      },
      skipped: {
        type: Schema.types.string,
        title: 'Skipped',
        description: 'Keys of tracked issues that Maro may not show anymore',
      },
      error: { type: Schema.types.string, title: 'Error', description: 'Why there is no list; empty when fine' },
    },
    required: ['listed'],
  },
});

export const List = slackFunction(declaration, list);

/** The most keys in the outputs. `count` covers further issues as well. */
const MOST_ISSUES = 1_000;
/** The most lines in `text`. Slack cuts a message's text at 40,000 characters, and more lines are tedious to read. */
const MOST_LINES = 100;
const LONGEST_SUMMARY = 150;

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
  const lines = issues
    .slice(0, MOST_LINES)
    .map(({ key, summary, status, site }) =>
      harmless(`${key} · ${truncate(summary, LONGEST_SUMMARY)} · ${status} · ${browseUrl(site, key)}`),
    );
  if (count > lines.length) lines.push(`… and ${(count - lines.length).toLocaleString('en')} more`);
  return {
    outputs: {
      listed: true,
      count,
      issue_keys: issues.map(({ key }) => key).join(', '),
      text: lines.join('\n'),
      skipped: hidden.map(({ key }) => `${key}: ${NOT_VISIBLE}`).join('; '),
      error: '',
    },
    detail: shown,
  };
}
