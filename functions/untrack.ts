import { DefineFunction, Schema } from '@slack/deno-slack-sdk';
import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import { type Answer, inWords, keysOf, MOST_KEYS, resolve, tooMany } from '../src/issues/answer.ts';
import { browseUrl, parseKeys } from '../src/key.ts';
import type { Context } from '../src/services.ts';

const declaration = DefineFunction({
  callback_id: 'untrack',
  title: 'Untrack Jira issues',
  description: 'Stop tracking Jira issues in a channel.',
  source_file: 'functions/untrack.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to stop tracking them in.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issues',
        description: 'Keys such as PLAT-12 or links to issues, separated by spaces or commas. Up to 100.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asks for it.',
      },
      continue_on_error: {
        type: Schema.types.boolean,
        title: 'Continue if this step fails',
        description: 'The workflow goes on, and Error says what went wrong.',
        default: false,
      },
    },
    required: ['channel_id', 'issue_keys'],
  },
  output_parameters: {
    properties: {
      untracked: {
        type: Schema.types.boolean,
        title: 'All untracked',
        description: 'True if none of the issues is tracked.',
      },
      count: { type: Schema.types.integer, title: 'Count', description: 'How many of the issues are not tracked.' },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of those issues, separated by commas.',
      },
      skipped: { type: Schema.types.string, title: 'Skipped', description: 'What could not be untracked, and why.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was untracked. Empty if the step succeeded.',
      },
    },
    required: ['untracked'],
  },
});

export const Untrack = slackFunction(declaration, untrack);

/** Untracks issues by their current or former keys, without reading them from Jira. `detail` has an answer for each. */
async function untrack(
  { channel_id, issue_keys }: Inputs<typeof declaration>,
  { tenant, operation, services: { jira, tracker } }: Context,
): Promise<Result<typeof declaration, Answer[]>> {
  const typed = parseKeys(issue_keys);
  if (typed.length > MOST_KEYS) return { error: tooMany(typed.length), detail: undefined };
  const resolved = await resolve(typed, jira);
  const keys = resolved.filter((item) => typeof item === 'string');
  const untracked =
    keys.length === 0 ? [] : await tracker.untrack({ tenant, channel: channel_id, which: { keys }, operation });

  const answers = resolved.map((item): Answer => {
    if (typeof item !== 'string') return item;
    const found = untracked.find(({ askedAs }) => askedAs === item);
    if (found === undefined) return { name: item, phrase: 'was not tracked' };
    // Perhaps the current key must not be shown to people, so the answer repeats the key that was typed.
    if (!jira.allows(found.key)) return { name: item, phrase: 'no longer tracked' };
    return {
      name: found.key,
      phrase: 'no longer tracked',
      url: browseUrl(found.site, found.key),
      formerKey: found.key === item ? undefined : item,
    };
  });
  const done = answers.filter(({ phrase }) => phrase === 'no longer tracked' || phrase === 'was not tracked');
  const skipped = answers.filter((answer) => !done.includes(answer));
  if (done.length === 0) {
    return { error: `Nothing was untracked. ${inWords(skipped) || 'No issue key was given.'}`, detail: answers };
  }
  return {
    outputs: {
      untracked: skipped.length === 0,
      count: new Set(done.map(({ name }) => name)).size,
      issue_keys: keysOf(done),
      skipped: inWords(skipped),
      error: '',
    },
    detail: answers,
  };
}
