import { DefineFunction, Schema } from '@slack/deno-slack-sdk';
import type { RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import type { Issue, StatusCategory } from '../src/issue.ts';
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
  description: 'List the Jira issues that a channel tracks, sorted by status.',
  source_file: 'functions/list.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel whose issues to list.',
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
      continue_on_error: {
        type: Schema.types.boolean,
        title: 'Continue if this step fails',
        description: 'The workflow goes on, and Error says what went wrong.',
        default: false,
      },
    },
    required: ['channel_id'],
  },
  output_parameters: {
    properties: {
      listed: { type: Schema.types.boolean, title: 'Listed', description: 'True if the list could be read.' },
      count: {
        type: Schema.types.integer,
        title: 'Count',
        description: 'How many issues there are.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of the issues, separated by commas.',
      },
      text: {
        type: Schema.types.string,
        title: 'Text',
        description: 'A line for each issue, with its key, summary, status, and link.',
      },
      formatted_list: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted list',
        description: 'The same list with links, to post in a message.',
      },
      skipped: {
        type: Schema.types.string,
        title: 'Skipped',
        description: 'Keys of tracked issues that Maro can no longer show.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the list could not be read. Empty if the step succeeded.',
      },
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

/** The issues as a list with links, and a line for those that are left out. Text elements hold no mentions. */
function formatted(issues: readonly Issue[], more: string): RichTextBlock {
  const text = (words: string): RichTextElement => ({ type: 'text', text: words });
  const items = issues.map(({ key, summary, status, site }): RichTextSection => {
    const link: RichTextElement = { type: 'link', url: browseUrl(site, key), text: key };
    return { type: 'rich_text_section', elements: [link, text(` ${truncate(summary, LONGEST_SUMMARY)} · ${status}`)] };
  });
  const list = { type: 'rich_text_list' as const, style: 'bullet' as const, elements: items };
  const rest = { type: 'rich_text_section' as const, elements: [text(more)] };
  return { type: 'rich_text', elements: [...(items.length === 0 ? [] : [list]), ...(more === '' ? [] : [rest])] };
}

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
  const more = count > lines.length ? `… and ${(count - lines.length).toLocaleString('en')} more` : '';
  if (more !== '') lines.push(more);
  return {
    outputs: {
      listed: true,
      count,
      issue_keys: issues.map(({ key }) => key).join(', '),
      text: lines.join('\n'),
      formatted_list: formatted(issues.slice(0, MOST_LINES), more),
      skipped: hidden.map(({ key }) => `${key}: ${NOT_VISIBLE}`).join('; '),
      error: '',
    },
    detail: shown,
  };
}
