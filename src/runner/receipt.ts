import { NOT_VISIBLE } from '../issues/visible.ts';
import { parseKeys } from '../key.ts';
import { errorName } from '../log.ts';
import { type Ticket, ticketMessage } from '../messages/ticket.ts';
import { type TypedText, typedMessages } from '../messages/typed.ts';
import type { Services } from '../services.ts';
import type { WorkflowRequest } from './request.ts';
import type { WorkflowOutcome } from './run.ts';

/** The error of the step that failed, or undefined if no step failed. */
export function failureOf(run: WorkflowOutcome): string | undefined {
  const last = run.steps.at(-1)?.outcome;
  return last !== undefined && 'error' in last ? last.error : undefined;
}

/** The keys of the issues that a run created or linked, an epic before its stories. */
export function keysIn(run: WorkflowOutcome): string[] {
  const [first] = run.steps;
  if (first === undefined || 'error' in first.outcome) return [];
  const { epic_key = '', issue_keys = '', issue_key = '' } = first.outcome.outputs;
  return parseKeys(`${epic_key} ${issue_keys} ${issue_key}`).flatMap(({ key }) => key ?? []);
}

/** Says why the receipt is not in the channel. Undefined when it is. */
function unposted(run: WorkflowOutcome): string | undefined {
  const post = run.steps.find(({ callbackId }) => callbackId === 'post_ticket')?.outcome;
  if (post === undefined) return 'No channel was chosen, so it is tracked in none.';
  return 'error' in post ? post.error : post.outputs.posted === true ? undefined : String(post.outputs.error);
}

/** Whether the run succeeded and its receipt is in the channel, so that nothing is left to tell. */
export function isPosted(run: WorkflowOutcome): boolean {
  return failureOf(run) === undefined && unposted(run) === undefined;
}

/** Sentences to add to the card: which issues are not tracked, and why the receipt is not in the channel. */
export function notes(run: WorkflowOutcome): string[] {
  return [untracked(run), unposted(run) ?? ''].filter((sentence) => sentence !== '');
}

function untracked(run: WorkflowOutcome): string {
  const track = run.steps.find(({ callbackId }) => callbackId === 'track')?.outcome;
  if (track === undefined) return '';
  return 'error' in track ? track.error : `${track.outputs.error}${track.outputs.skipped}`;
}

/**
 * Tells a person the outcome of a request, unless the receipt is in the channel. After a failure, direct messages hold the
 * reason and what the person typed. After a success, a message holds the ticket. It goes to where the person asked, and to the
 * person's direct messages if Slack does not take it there.
 * @returns false when Slack does not accept a message. Another attempt sends all of them again.
 */
export async function tellPerson(
  asked: WorkflowRequest,
  run: WorkflowOutcome,
  { slack, jira, log }: Services,
): Promise<boolean> {
  const user = asked.inputs.user_id;
  if (typeof user !== 'string' || user === '') return true;
  if (isPosted(run)) return true;
  const failure = failureOf(run);
  try {
    if (failure !== undefined) {
      for (const message of typedMessages(failure, typedIn(asked))) await slack.postMessage({ channel: user }, message);
      return true;
    }
    const tickets = await ticketsOf(keysIn(run), jira);
    const receipt = ticketMessage(tickets, { note: notes(run).join(' ') });
    const answer = { response_type: 'ephemeral' as const, replace_original: false, ...receipt };
    if (asked.responseUrl !== undefined && (await slack.respond(asked.responseUrl, answer))) return true;
    await slack.postMessage({ channel: user }, receipt);
    return true;
  } catch (error) {
    log.error({ error: errorName(error) }, 'a person could not be told what became of a request');
    return false;
  }
}

/** Reads issues from Jira. For an issue that Jira does not show, returns its key and a phrase that says why. */
export async function ticketsOf(keys: readonly string[], jira: Services['jira']): Promise<Ticket[]> {
  const readings = await jira.read(keys);
  return keys.map((key) => {
    const reading = readings.get(key);
    if (reading?.state === 'shown') return reading.issue;
    const isTrouble = reading === undefined || reading.state === 'trouble';
    return { key, url: undefined, unread: isTrouble ? 'could not be read just now.' : `${NOT_VISIBLE}.` };
  });
}

/** What the person typed, so that it need not be typed again. */
function typedIn({ inputs, typed }: WorkflowRequest): TypedText[] {
  const { summary, stories, epic_summary, epic_key, issue_key, description } = inputs;
  const texts = [summary, stories, epic_summary, epic_key, issue_key, description].filter(
    (text): text is string => typeof text === 'string',
  );
  return typed === undefined ? texts : [...texts, typed];
}
