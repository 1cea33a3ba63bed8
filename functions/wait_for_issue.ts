import { askAgain, type Inputs, type Result, slackFunction, type Waiting } from '../src/function.ts';
import { CATEGORY_TITLE, type Issue } from '../src/issue.ts';
import { readOne } from '../src/issues/one.ts';
import { browseUrl } from '../src/key.ts';
import {
  aboutHours,
  CONTINUE_ON_ERROR,
  HOURS_TO_WAIT,
  ISSUE,
  ISSUE_KEY_NOW,
  ISSUE_LINK,
  STATUS_NOW,
  SUMMARY,
  TIMED_OUT,
} from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'wait_for_issue',
  title: 'Wait for a Jira issue',
  description: 'Wait until an issue has a status, such as Done.',
  source_file: 'functions/wait_for_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      status: {
        type: Schema.types.string,
        title: 'Status',
        description: 'A status such as In Review; or To do, In progress, or Done for every status of that kind.',
        default: CATEGORY_TITLE.done,
      },
      hours: HOURS_TO_WAIT,
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key'],
  },
  output_parameters: {
    properties: {
      reached: { type: Schema.types.boolean, title: 'Reached', description: 'True if the issue has the status.' },
      timed_out: TIMED_OUT,
      issue_key: ISSUE_KEY_NOW,
      issue_url: ISSUE_LINK,
      summary: SUMMARY,
      status: STATUS_NOW,
      assignee: {
        type: Schema.types.string,
        title: 'Assignee',
        description: 'The assignee’s name in Jira. Empty if nobody is assigned.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why Maro couldn’t wait for the issue. Empty if the step succeeded.',
      },
    },
    required: ['reached'],
  },
});

export const WaitForIssue = slackFunction(declaration, waitForIssue);

/**
 * Waits until an issue has a status, or the time runs out. The sync wakes the run when the issue changes, and the issue is
 * then read again. Trouble with Jira ends no wait that has begun. An issue that is no longer visible ends it with an error.
 */
async function waitForIssue(
  { issue_key, status, hours }: Inputs<typeof declaration>,
  { tenant, operation, services: { jira, tracker } }: Context,
): Promise<Result<typeof declaration, undefined> | Waiting> {
  const wrong = aboutHours(hours);
  if (wrong !== undefined) return notWaited(wrong);
  const run = { tenant, run: operation };
  const read = await readOne(issue_key, jira);
  if ('because' in read) {
    const begun = await tracker.waitOf(run);
    if (begun === undefined) return notWaited(read.because);
    if (read.trouble === undefined) return { error: `Maro stopped waiting. ${read.because}`, detail: undefined };
    return askAgain();
  }
  const { issue } = read;
  const wait = await tracker.waitForIssue({ ...run, issue, minutes: hours * 60 });
  const reached = hasStatus(issue, status);
  if (!reached && !wait.isOver) return { waitsUntil: wait.until };
  return {
    outputs: {
      reached,
      timed_out: !reached,
      issue_key: issue.key,
      issue_url: browseUrl(issue.site, issue.key),
      summary: harmless(issue.summary),
      status: harmless(issue.status),
      assignee: harmless(issue.assignee ?? ''),
      error: '',
    },
    detail: undefined,
  };
}

function notWaited(because: string): { error: string; detail: undefined } {
  return { error: `Maro didn’t wait. ${because}`, detail: undefined };
}

/** Whether the issue has the status with this name, in any case, or a status of the category with this name. */
function hasStatus({ status, category }: Issue, name: string): boolean {
  const { compare } = new Intl.Collator(undefined, { sensitivity: 'accent' });
  return [status, CATEGORY_TITLE[category]].some((each) => compare(each, name.trim()) === 0);
}
