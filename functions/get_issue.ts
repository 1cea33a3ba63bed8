import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { CATEGORY_TITLE, type Issue } from '../src/issue.ts';
import { readOne } from '../src/issues/one.ts';
import { browseUrl } from '../src/key.ts';
import { CONTINUE_ON_ERROR, ISSUE, ISSUE_KEY_NOW, ISSUE_LINK, SUMMARY } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'get_issue',
  title: 'Get a Jira issue',
  description: 'Read an issue from Jira, to use its facts in later steps.',
  source_file: 'functions/get_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key'],
  },
  output_parameters: {
    properties: {
      found: { type: Schema.types.boolean, title: 'Found', description: 'True if the issue could be read.' },
      issue_key: ISSUE_KEY_NOW,
      issue_url: ISSUE_LINK,
      summary: SUMMARY,
      status: { type: Schema.types.string, title: 'Status', description: 'The issue’s status, such as In Review.' },
      status_category: {
        type: Schema.types.string,
        title: 'Status category',
        description: 'To do, In progress, or Done.',
      },
      done: { type: Schema.types.boolean, title: 'Done', description: 'True if the issue is done.' },
      assignee: {
        type: Schema.types.string,
        title: 'Assignee',
        description: 'The assignee’s name in Jira. Empty if nobody is assigned.',
      },
      issue_type: { type: Schema.types.string, title: 'Issue type', description: 'The issue’s type, such as Bug.' },
      priority: { type: Schema.types.string, title: 'Priority', description: 'The issue’s priority, if it has one.' },
      updated: {
        type: Schema.types.string,
        title: 'Updated',
        description: 'When the issue was last updated in Jira, such as 2026-11-20T09:14:00Z.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the issue couldn’t be read. Empty if the step succeeded.',
      },
    },
    required: ['found'],
  },
});

export const GetIssue = slackFunction(declaration, getIssue);

/** Reads one issue from Jira. `detail` is the issue. */
async function getIssue(
  { issue_key }: Inputs<typeof declaration>,
  { services: { jira } }: Context,
): Promise<Result<typeof declaration, Issue>> {
  const read = await readOne(issue_key, jira);
  if ('because' in read) return nothing('read', read.because);
  const { issue } = read;
  const { key, site, summary, status, category, assignee = '', type = '', priority = '', updatedAt } = issue;
  return {
    outputs: {
      found: true,
      issue_key: key,
      issue_url: browseUrl(site, key),
      summary: harmless(summary),
      status: harmless(status),
      status_category: CATEGORY_TITLE[category],
      done: category === 'done',
      assignee: harmless(assignee),
      issue_type: harmless(type),
      priority: harmless(priority),
      updated: updatedAt?.toISOString() ?? '',
      error: '',
    },
    detail: issue,
  };
}
