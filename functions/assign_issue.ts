import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import type { Issue } from '../src/issue.ts';
import { isChanged, showActed, sinceOf, subjectOf, unacted, unsent, writeOnce } from '../src/issues/act.ts';
import { assigneeOf, isNobody, type Named } from '../src/issues/assignee.ts';
import { browseUrl } from '../src/key.ts';
import { readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR, ISSUE, ISSUE_KEY, ISSUE_LINK } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'assign_issue',
  title: 'Assign a Jira issue',
  description: 'Assign an issue to a person, or to nobody.',
  source_file: 'functions/assign_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      assignee_id: {
        type: Schema.slack.types.user_id,
        title: 'Person',
        description: 'The person in Slack. Maro finds the Jira account by email address or name.',
      },
      assignee: {
        type: Schema.types.string,
        title: 'Name',
        description: 'The name in Jira if Person is empty, or “nobody”.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key'],
  },
  output_parameters: {
    properties: {
      assigned: {
        type: Schema.types.boolean,
        title: 'Assigned',
        description: 'True if the issue is assigned as asked, also to nobody.',
      },
      issue_key: ISSUE_KEY,
      issue_url: ISSUE_LINK,
      assignee: {
        type: Schema.types.string,
        title: 'Assignee',
        description: 'The name of the person in Jira. Empty for nobody.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the issue wasn’t assigned. Empty if the step succeeded.',
      },
    },
    required: ['assigned'],
  },
});

export const AssignIssue = slackFunction(declaration, assignIssue);

/** Assigns an issue to a person or to nobody, once, with one call to Jira if Maro knows the issue and the person. */
async function assignIssue(
  { issue_key, assignee_id: user, assignee: text = '' }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { services } = context;
  const { jira } = services;
  const words = (await readerOf([text], undefined, context)).plain(text).trim();
  const named: Named = user ? { user } : { words };
  if (!user && words === '') return nothing('assigned', 'Add a person, a name, or “nobody”.');
  const subject = await subjectOf(issue_key, context);
  if ('because' in subject) return unsent(undefined, 'assigned', subject.because, context);
  const { key } = subject;
  const site = await jira.site();
  const person = !user && isNobody(words) ? null : await assigneeOf(named, key, services);
  if (person !== null && 'because' in person) return unsent(key, 'assigned', person.because, context);
  const accountId = person?.accountId ?? null;
  const name = person?.displayName;
  const since = sinceOf(context);
  const isNow = (issue: Issue) => (issue.assigneeId ?? null) === accountId;
  const written = await writeOnce(
    {
      send: () => jira.assign(key, accountId),
      isDone: () => isChanged(subject, { what: 'assignee', to: name, isNow }, since, context),
    },
    context,
  );
  if (written.state !== 'done') return unacted(key, 'assigned', written);
  const acted = { assignee: person === null ? null : { id: person.accountId, name: person.displayName } };
  await showActed(subject, acted, context);
  return {
    outputs: {
      assigned: true,
      issue_key: key,
      issue_url: browseUrl(site, key),
      assignee: harmless(name ?? ''),
      error: '',
    },
    detail: undefined,
  };
}
