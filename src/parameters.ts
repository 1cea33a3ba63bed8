import { Schema } from './sdk.ts';

// The inputs and outputs that several steps have, as Workflow Builder shows them.

export const ISSUE = {
  type: Schema.types.string,
  title: 'Issue',
  description: 'A key such as PLAT-12, or a link to the issue.',
};

export const CONTINUE_ON_ERROR = {
  type: Schema.types.boolean,
  title: 'Continue if this step fails',
  description: 'The workflow continues, and Error says what went wrong.',
  default: false,
};

export const ISSUE_KEY = { type: Schema.types.string, title: 'Issue key', description: 'The issue’s key.' };

/** For a step that waits: an issue that moves gets another key. */
export const ISSUE_KEY_NOW = { type: Schema.types.string, title: 'Issue key', description: 'The issue’s key now.' };

export const ISSUE_LINK = {
  type: Schema.types.string,
  title: 'Issue link',
  description: 'A link to the issue in Jira.',
};

export const SUMMARY = { type: Schema.types.string, title: 'Summary', description: 'The issue’s summary.' };

export const STATUS_NOW = { type: Schema.types.string, title: 'Status', description: 'The issue’s status now.' };

/** The longest wait of a step: 28 days. Maro keeps runs for 30. Slack documents no limit for a custom step. */
const MOST_HOURS = 672;

export const HOURS_TO_WAIT = {
  type: Schema.types.integer,
  title: 'Hours to wait',
  description: `After this time, the workflow continues with Timed out. Up to ${MOST_HOURS}, which is 28 days.`,
  default: 168,
};

export const TIMED_OUT = {
  type: Schema.types.boolean,
  title: 'Timed out',
  description: 'True if the time ran out first.',
};

/** Says what is wrong with `HOURS_TO_WAIT`. Undefined if nothing is. */
export function aboutHours(hours: number): string | undefined {
  return hours >= 1 && hours <= MOST_HOURS
    ? undefined
    : `“${HOURS_TO_WAIT.title}” is ${hours}. It can be 1 to ${MOST_HOURS}.`;
}
