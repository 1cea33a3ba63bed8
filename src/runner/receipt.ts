import { NOT_VISIBLE } from '../issues/visible.ts';
import { parseKeys } from '../key.ts';
import { errorName } from '../log.ts';
import { actedSummary, actedText, actedWords, isAct } from '../messages/acted.ts';
import { LONGEST_NOTICE, type Notice } from '../messages/notice.ts';
import { type Ticket, ticketMessage } from '../messages/ticket.ts';
import { type TypedText, typedMessages } from '../messages/typed.ts';
import type { Services } from '../services.ts';
import { redraw } from './redraw.ts';
import type { WorkflowRequest } from './request.ts';
import type { WorkflowOutcome } from './run.ts';

/** The error of the step that failed, or undefined if no step failed. */
export function failureOf(run: WorkflowOutcome): string | undefined {
  const last = run.steps.at(-1)?.outcome;
  return last !== undefined && 'error' in last ? last.error : undefined;
}

/** The outputs of a run of one function. Empty if the function failed. */
export function outputsOf({ steps }: WorkflowOutcome): Readonly<Record<string, unknown>> {
  const outcome = steps[0]?.outcome;
  return outcome !== undefined && 'outputs' in outcome ? outcome.outputs : {};
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
  if (post === undefined) return 'It isn’t tracked, because no channel was chosen.';
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
 * reason and what the person typed. After a success, the list from which the person asked, or a message, says what was
 * done to the issue, or a message holds the ticket. It goes to where the person asked, and to the person's direct messages if
 * Slack does not take it there.
 * @returns false when Slack does not accept a message. Another attempt sends all of them again.
 */
export async function tellPerson(
  asked: WorkflowRequest,
  run: WorkflowOutcome,
  deps: { tenant: string; services: Services },
): Promise<boolean> {
  const { slack, jira, log } = deps.services;
  const user = asked.inputs.user_id;
  if (typeof user !== 'string' || user === '') return true;
  if (isPosted(run)) return true;
  const failure = failureOf(run);
  const acted = actedText(asked.workflow, outputsOf(run));
  try {
    if (failure !== undefined) {
      // An earlier attempt may have left the list or the card saying that Maro is making the change.
      if ((await redraw(asked, { notice: { text: failure }, isDone: false }, deps)) === 'later') return false;
      for (const message of typedMessages(failure, typedIn(asked))) await slack.postMessage({ channel: user }, message);
      return true;
    }
    const notice = actedWords(asked.workflow, outputsOf(run));
    if (notice !== undefined) {
      const redrawn = await redraw(asked, { notice: noticeFor(asked, run, notice), isDone: true }, deps);
      if (redrawn === 'later') return false;
      if (redrawn === 'told' && notice.length <= LONGEST_NOTICE) return true;
    }
    const receipt =
      acted === undefined
        ? ticketMessage(await ticketsOf(keysIn(run), jira), { note: notes(run).join(' ') })
        : { text: acted };
    const answer = { response_type: 'ephemeral' as const, replace_original: false, ...receipt };
    if (asked.responseUrl !== undefined && (await slack.respond(asked.responseUrl, answer))) return true;
    await slack.postMessage({ channel: user }, receipt);
    return true;
  } catch (error) {
    log.error({ error: errorName(error) }, 'a person could not be told the outcome of a request');
    return false;
  }
}

/** The notice on a list: what was done, or a count if that is too long, and Undo after issues were untracked. */
function noticeFor({ id, workflow, list }: WorkflowRequest, run: WorkflowOutcome, text: string): Notice {
  const summary = text.length > LONGEST_NOTICE ? actedSummary(workflow, outputsOf(run)) : undefined;
  return { text: summary ?? text, undo: workflow === 'untrack' ? `${id} ${list}` : undefined };
}

/** Reads issues from Jira. For an issue that Jira does not show, returns its key and a phrase that says why. */
export async function ticketsOf(keys: readonly string[], jira: Services['jira']): Promise<Ticket[]> {
  const readings = await jira.read(keys);
  return keys.map((key) => {
    const reading = readings.get(key);
    if (reading?.state === 'shown') return reading.issue;
    const isTrouble = reading === undefined || reading.state === 'trouble';
    return { key, url: undefined, unread: isTrouble ? 'couldn’t be read just now.' : `${NOT_VISIBLE}.` };
  });
}

/** What the person typed, so that it need not be typed again. */
function typedIn({ inputs, typed, workflow }: WorkflowRequest): TypedText[] {
  const { summary, stories, epic_summary, epic_key, issue_key, description, comment } = inputs;
  const key = isAct(workflow) ? undefined : issue_key;
  const texts = [summary, stories, epic_summary, epic_key, key, description, comment].filter(
    (text): text is string => typeof text === 'string',
  );
  return typed === undefined ? texts : [...texts, typed];
}
