import { type Inputs, type Result, slackFunction } from '../src/function.ts';
import type { Issue } from '../src/issue.ts';
import { search } from '../src/issues/search.ts';
import { listedIssues } from '../src/messages/listed.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless } from '../src/slack/text.ts';

/** The most issues in the outputs. `count` covers further issues as well. */
const MOST_ISSUES = 50;

const declaration = DefineFunction({
  callback_id: 'find_issues',
  title: 'Find Jira issues',
  description: 'Find issues in Jira by words or JQL.',
  source_file: 'functions/find_issues.ts',
  input_parameters: {
    properties: {
      search: {
        type: Schema.types.string,
        title: 'Search for',
        description: 'Words that the issues have in their texts, or JQL.',
      },
      search_by: {
        type: Schema.types.string,
        title: 'Search by',
        description: 'Whether “Search for” has words or JQL.',
        enum: ['words', 'jql'] as const,
        choices: [
          { value: 'words', title: 'Words' },
          { value: 'jql', title: 'JQL' },
        ],
        default: 'words',
      },
      project: {
        type: Schema.types.string,
        title: 'Project',
        description: 'The key of a project, such as PLAT, to find its issues only.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['search'],
  },
  output_parameters: {
    properties: {
      found: { type: Schema.types.boolean, title: 'Found', description: 'True if there is at least one issue.' },
      count: {
        type: Schema.types.integer,
        title: 'Count',
        description: `How many issues match. Above ${MOST_ISSUES}, this is Jira’s estimate.`,
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: `The keys of the first ${MOST_ISSUES} issues, separated by commas.`,
      },
      text: {
        type: Schema.types.string,
        title: 'Text',
        description: 'One line per issue, with its key, summary, status, and link.',
      },
      formatted_list: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted list',
        description: 'The same list with links, for use in a message.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why Maro couldn’t search. Empty if the step succeeded.',
      },
    },
    required: ['found'],
  },
});

export const FindIssues = slackFunction(declaration, findIssues);

/** Searches Jira. One call to Jira, and a second one for the estimate if there are more issues than the outputs have. */
async function findIssues(
  { search: typed, search_by: kind, project }: Inputs<typeof declaration>,
  { services: { jira } }: Context,
): Promise<Result<typeof declaration, readonly Issue[]>> {
  const found = await search({ kind, typed, project, most: MOST_ISSUES }, jira);
  if ('because' in found) return notFound(found.because);
  const { issues, isComplete, jql } = found;
  const counted = isComplete ? undefined : await jira.count(jql);
  if (counted?.state === 'trouble') return notFound(counted.trouble.message);
  // Jira's estimate may be lower than what it found.
  const count = isComplete
    ? issues.length
    : Math.max(issues.length + 1, counted?.state === 'known' ? counted.value : 0);
  return { outputs: { found: issues.length > 0, count, ...listedIssues(issues, count), error: '' }, detail: issues };
}

function notFound(because: string): { error: string; detail: undefined } {
  return { error: `Maro didn’t search. ${harmless(because)}`, detail: undefined };
}
