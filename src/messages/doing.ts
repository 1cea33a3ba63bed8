import { isNobody } from '../issues/assignee.ts';
import { type IssueKey, parseKeys } from '../key.ts';
import { truncate } from '../slack/text.ts';

/**
 * A change of issues that Jira has not confirmed yet. `words` say it, such as `moving to Done…`. `instead` is the fact that the words
 * replace, because it may no longer be true.
 */
export type Doing = { keys: readonly IssueKey[]; words: string; instead: 'status' | 'assignee' | undefined };

type Inputs = Readonly<Record<string, unknown>>;
type Does = Omit<Doing, 'keys'>;

/** The most characters of a status, a name, or a priority. */
const LONGEST_VALUE = 30;

/** The words for each function that changes what a row or a card shows, by callback_id. */
const acts: Readonly<Record<string, (inputs: Inputs) => Does>> = {
  transition_issue: ({ status }) => moving(status),
  assign_issue: ({ assignee }) => assigning(assignee),
  update_issue: ({ priority }) => (priority ? prioritizing(priority) : { words: 'changing…', instead: undefined }),
  change_issues: ({ act, value }) =>
    act === 'move' ? moving(value) : act === 'assign' ? assigning(value) : prioritizing(value),
};

// The form names a transition by its id if no name is unique. People do not know ids.
function moving(status: unknown): Does {
  return { words: /^\d+$/.test(String(status)) ? 'moving…' : ongoing('moving to', status), instead: 'status' };
}

function assigning(assignee: unknown): Does {
  if (isNobody(String(assignee))) return { words: 'unassigning…', instead: 'assignee' };
  return { words: assignee ? ongoing('assigning to', assignee) : 'assigning…', instead: 'assignee' };
}

function prioritizing(priority: unknown): Does {
  return { words: ongoing('setting priority to', priority), instead: undefined };
}

/** What a function with these inputs is doing. Undefined if it changes nothing that a row or a card shows. */
export function doingOf(callbackId: string, inputs: Inputs): Doing | undefined {
  const keys = parseKeys(String(inputs.issue_key ?? inputs.issue_keys ?? '')).flatMap(({ key }) => key ?? []);
  const act = Object.hasOwn(acts, callbackId) ? acts[callbackId] : undefined;
  return keys.length === 0 || act === undefined ? undefined : { keys, ...act(inputs) };
}

function ongoing(verb: string, input: unknown): string {
  const value = truncate(String(input).trim(), LONGEST_VALUE);
  return `${verb} ${value.endsWith('…') ? value : `${value}…`}`;
}
