import { issuesIn } from '../src/digest.ts';
import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import { digestShown } from '../src/issues/digest.ts';
import { digestBlock, digestText } from '../src/messages/digest.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import type { AskedSpan } from '../src/tracker/digest.ts';

const declaration = DefineFunction({
  callback_id: 'digest',
  title: 'Digest of tracked Jira issues',
  description: 'Sum up what changed in the Jira issues a channel tracks.',
  source_file: 'functions/digest.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel whose issues to sum up.',
      },
      period: {
        type: Schema.types.string,
        title: 'Period',
        description: 'How far back the digest goes.',
        enum: ['since_last', 'last_day', 'last_week'] as const,
        choices: [
          { value: 'since_last', title: 'Since the last digest' },
          { value: 'last_day', title: 'The last day' },
          { value: 'last_week', title: 'The last 7 days' },
        ],
        default: 'since_last',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id'],
  },
  output_parameters: {
    properties: {
      any: {
        type: Schema.types.boolean,
        title: 'Anything to tell',
        description: 'True if the digest names any issue.',
      },
      count: { type: Schema.types.integer, title: 'Count', description: 'How many issues the digest names.' },
      text: {
        type: Schema.types.string,
        title: 'Text',
        description: 'One line per issue, with its key, summary, status, and link.',
      },
      formatted_digest: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted digest',
        description: 'The same digest with links, for use in a message.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why there is no digest. Empty if the step succeeded.',
      },
    },
    required: ['any'],
  },
});

export const Digest = slackFunction(declaration, digest);

/** Sums up what changed in a channel's issues. A digest since the last one goes back to the last one that this step put out for the channel. */
async function digest(
  { channel_id, period }: Inputs<typeof declaration>,
  { tenant, operation, services }: Context,
): Promise<Result<typeof declaration, undefined>> {
  const parts = await digestShown({ tenant, channel: channel_id, span: spanOf(period, operation) }, services);
  return {
    outputs: {
      any: parts.length > 0,
      count: issuesIn(parts),
      text: digestText(parts),
      formatted_digest: digestBlock(parts),
      error: '',
    },
    detail: undefined,
  };
}

function spanOf(period: 'since_last' | 'last_day' | 'last_week', operation: string): AskedSpan {
  if (period === 'since_last') return { kind: 'last', operation };
  return { kind: 'days', days: period === 'last_day' ? 1 : 7 };
}
