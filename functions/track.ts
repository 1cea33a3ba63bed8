import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import type { Issue } from '../src/issue.ts';
import {
  type Answer,
  answerFor,
  inWords,
  keysOf,
  MOST_KEYS,
  resolve,
  tooMany,
  unreadAnswer,
} from '../src/issues/answer.ts';
import { NOT_FOUND } from '../src/jira/reading.ts';
import { parseKeys } from '../src/key.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf } from '../src/slack/permalink.ts';

const declaration = DefineFunction({
  callback_id: 'track',
  title: 'Track Jira issues',
  description: 'Track Jira issues in a channel.',
  source_file: 'functions/track.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to track the issues in.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issues',
        description: 'Keys such as PLAT-12 or links to issues, separated by spaces or commas. Up to 100.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'Shown in the list as the person who tracked the issues.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message that mentions the issues.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id', 'issue_keys'],
  },
  output_parameters: {
    properties: {
      tracked: { type: Schema.types.boolean, title: 'All tracked', description: 'True if every issue is tracked.' },
      count: { type: Schema.types.integer, title: 'Count', description: 'How many of the issues are tracked.' },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of the tracked issues, separated by commas.',
      },
      skipped: { type: Schema.types.string, title: 'Skipped', description: 'What couldn’t be tracked, and why.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was tracked. Empty if the step succeeded.',
      },
    },
    required: ['tracked'],
  },
});

export const Track = slackFunction(declaration, track);

/** Tracks the issues that Jira shows and that may be shown to people. `detail` has an answer for each key or link typed. */
async function track(
  { channel_id, issue_keys, user_id, message_link }: Inputs<typeof declaration>,
  { tenant, door, operation, services: { jira, tracker, slack } }: Context,
): Promise<Result<typeof declaration, Answer[]>> {
  const typed = parseKeys(issue_keys);
  if (typed.length > MOST_KEYS) return { error: tooMany(typed.length), detail: undefined };
  const resolved = await resolve(typed, jira);
  const readings = await jira.read(resolved.filter((item) => typeof item === 'string'));

  const issues = new Map<string, { issue: Issue; askedAs: string[] }>();
  for (const [key, reading] of readings) {
    if (reading.state !== 'shown') continue;
    const { issue } = reading;
    const known = issues.get(issue.id);
    if (known === undefined) issues.set(issue.id, { issue, askedAs: [key] });
    else known.askedAs.push(key);
  }
  const added = await tracker.track({
    tenant,
    channel: channel_id,
    issues: [...issues.values()],
    by: user_id,
    door,
    messageLink:
      message_link && messageLinkOf(message_link, { workspaceUrl: slack.workspaceUrl(), channel: channel_id }),
    operation,
  });

  const answers = resolved.map((item): Answer => {
    if (typeof item !== 'string') return item;
    const reading = readings.get(item) ?? NOT_FOUND;
    if (reading.state !== 'shown') return unreadAnswer(item, reading);
    const { issue } = reading;
    return answerFor(issue, item, added.has(issue.id) ? 'now tracked' : 'tracked already');
  });
  const skipped = answers.filter(({ url }) => url === undefined);
  if (issues.size === 0) {
    return {
      error: `Nothing was tracked. ${inWords(skipped) || 'Add an issue key, such as PLAT-12.'}`,
      detail: answers,
    };
  }
  return {
    outputs: {
      tracked: skipped.length === 0,
      count: issues.size,
      issue_keys: keysOf(answers.filter(({ url }) => url !== undefined)),
      skipped: inWords(skipped),
      error: '',
    },
    detail: answers,
  };
}
