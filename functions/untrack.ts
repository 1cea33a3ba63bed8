import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import { type Answer, inWords, keysOf, MOST_KEYS, resolve, tooMany } from '../src/issues/answer.ts';
import { awayManyWords, awayWords } from '../src/issues/away.ts';
import { browseUrl, parseKeys } from '../src/key.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
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
        description: 'The channel to stop tracking the issues in.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issues',
        description: 'Keys such as PLAT-12 or links to issues, separated by spaces or commas. Up to 100.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked to untrack the issues.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id', 'issue_keys'],
  },
  output_parameters: {
    properties: {
      untracked: {
        type: Schema.types.boolean,
        title: 'All untracked',
        description: 'True if none of the issues are tracked anymore.',
      },
      count: {
        type: Schema.types.integer,
        title: 'Count',
        description: 'How many of the issues aren’t tracked anymore.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of those issues, separated by commas.',
      },
      skipped: { type: Schema.types.string, title: 'Skipped', description: 'What couldn’t be untracked, and why.' },
      stays_off: {
        type: Schema.types.string,
        title: 'Stays off the list',
        description: 'Says which issues stay off the list, although the channel follows a query that has them.',
      },
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
  { channel_id, issue_keys, user_id }: Inputs<typeof declaration>,
  { tenant, operation, services: { jira, tracker } }: Context,
): Promise<Result<typeof declaration, Answer[]>> {
  const typed = parseKeys(issue_keys);
  if (typed.length > MOST_KEYS) return { error: tooMany(typed.length), detail: undefined };
  const resolved = await resolve(typed, jira);
  const keys = resolved.filter((item) => typeof item === 'string');
  const untracking = { tenant, channel: channel_id, which: { keys }, operation, by: user_id };
  const untracked = keys.length === 0 ? [] : await tracker.untrack(untracking);

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
      because: found.followed === undefined ? undefined : awayWords(found.followed),
    };
  });
  const done = answers.filter(({ phrase }) => phrase === 'no longer tracked' || phrase === 'was not tracked');
  const skipped = answers.filter((answer) => !done.includes(answer));
  if (done.length === 0) {
    return {
      error: `Nothing was untracked. ${inWords(skipped) || 'Add an issue key, such as PLAT-12.'}`,
      detail: answers,
    };
  }
  return {
    outputs: {
      untracked: skipped.length === 0,
      count: new Set(done.map(({ name }) => name)).size,
      issue_keys: keysOf(done),
      skipped: inWords(skipped),
      stays_off: awayManyWords(untracked).join(' '),
      error: '',
    },
    detail: answers,
  };
}
