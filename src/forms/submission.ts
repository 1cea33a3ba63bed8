import { DatabaseTrouble } from '../database/trouble.ts';
import { sentenceOf } from '../function.ts';
import { type Acceptance, type ClaimedRun, givenUp, type Kind, type Performed } from '../ledger/index.ts';
import { type ModalView, sentenceView } from '../messages/views.ts';
import { failureOf, isPosted, tellPerson } from '../runner/receipt.ts';
import { asRun, requestOf, runRequest, type WorkflowRequest } from '../runner/request.ts';
import type { WorkflowOutcome } from '../runner/run.ts';
import { type Deps, unclaimed } from '../services.ts';
import { within } from '../within.ts';

/** The response to a submitted form. https://docs.slack.dev/surfaces/modals#updating_response */
export type FormResponse =
  | { response_action: 'clear' }
  | { response_action: 'update'; view: ModalView }
  | { response_action: 'errors'; errors: Record<string, string> };

/** A submitted form. */
export type Submission = {
  viewId: string;
  title: string;
  /** The label of the form's submit button. */
  submit: string;
  /** When Slack needs the response, in milliseconds since 1970. */
  until: number;
  respond(response: FormResponse): Promise<void>;
  /** Returns the form as the person filled it in, with a sentence on top. */
  again(sentence: string): Promise<ModalView>;
  /** Returns Jira's complaints by block_id. Empty when the form cannot show all complaints at its fields. */
  errorsOf(outcome: WorkflowOutcome): Record<string, string>;
};

/** The part of a submission that the listener supplies. Each form adds the rest. */
export type Submitted = Pick<Submission, 'viewId' | 'until' | 'respond'>;

/** Slack requires the response to a submitted view within three seconds. Half a second is left to send it. */
export const SUBMIT_WITHIN_MS = 2_500;

export const update = (view: ModalView): FormResponse => ({ response_action: 'update', view });

/**
 * Stores what a form asks for as a run, carries out the run, and responds to the form. If the run ends in
 * time, a success closes the form, and a failure shows Jira's complaints at their fields or a
 * sentence on top. A later outcome appears in the view, or in a direct message if the view is closed.
 */
export async function submitRequest(asked: WorkflowRequest, form: Submission, deps: Deps): Promise<void> {
  const { tenant, services, ledger } = deps;
  const accepting = ledger.accept(asRun(asked));
  let acceptance: Acceptance | undefined;
  try {
    acceptance = await within(form.until - Date.now(), accepting);
  } catch (error) {
    const context = unclaimed({ tenant, door: asked.door, operation: asked.id, services });
    const sentence = sentenceOf(error, asked.workflow, context);
    // The form may have been sent before, and that request may still be carried out.
    return form.respond(update(await form.again(error instanceof DatabaseTrouble ? unconfirmed(form) : sentence)));
  }
  if (acceptance === undefined) {
    await form.respond(update(await form.again(unconfirmed(form))));
    const late = await accepting.catch(() => undefined);
    return late?.state === 'ours' ? ledger.bringToEnd(late.run) : undefined;
  }
  if (acceptance.state !== 'ours') return form.respond(update(sentenceView(form.title, ALREADY[acceptance.state])));
  const claimed = acceptance.run;
  const running = ledger.perform(claimed);
  const inTime = await within(form.until - Date.now(), running.then(asEnded));
  if (inTime !== undefined) return respondInTime(inTime, { asked, claimed }, form, deps);
  await form.respond(update(sentenceView(form.title, WAITING)));
  await showLate(asEnded(await running), { asked, claimed }, form, deps);
}

/** What the form says when its request may not be stored. The form keeps its request id, so sending it again is safe. */
function unconfirmed({ submit }: Submission): string {
  return `Not confirmed yet: Maro's database is not answering. Press ${submit} again in a moment: it won't be done twice.`;
}

type AcceptedRequest = { asked: WorkflowRequest; claimed: ClaimedRun };

/**
 * The outcome of a request in this process, or `taken over` when another process reports the outcome.
 * `isUnstored`: the outcome could not be stored, so the request will be carried out again, and its outcome told then.
 */
type Ended = { outcome: WorkflowOutcome; isUnstored: boolean } | 'taken over';

function asEnded(performed: Performed | undefined): Ended {
  return performed === undefined
    ? 'taken over'
    : { outcome: performed.outcome as WorkflowOutcome, isUnstored: performed.isUnstored };
}

const ALREADY = {
  running:
    'This is on its way already, so it was not sent again. You may close this: the outcome comes to the channel.',
  finished:
    'This form was sent before and may have done something, so it was not sent again. Look into the channel, or open the form anew.',
};
/** Asks the person not to send another form. A new form has a new request id, so it would create a second ticket. */
export const WILL_RUN_AGAIN =
  'It is kept and tried again in a minute or two, so do not send it anew: the outcome comes to the channel, or to you.';
export const DONE = 'Done. The receipt is in the channel, or in a direct message.';
const WAITING = 'Jira takes its time. You may close this: the outcome comes to the channel, or to you.';

async function respondInTime(
  ended: Ended,
  { asked, claimed }: AcceptedRequest,
  form: Submission,
  deps: Deps,
): Promise<void> {
  if (ended === 'taken over') return form.respond(update(sentenceView(form.title, ALREADY.running)));
  const { outcome, isUnstored } = ended;
  const failure = failureOf(outcome);
  if (failure === undefined) {
    await form.respond({ response_action: 'clear' });
    return isUnstored ? undefined : tell(outcome, { asked, claimed }, deps);
  }
  if (isUnstored) return form.respond(update(sentenceView(form.title, `${failure} ${WILL_RUN_AGAIN}`)));
  const errors = form.errorsOf(outcome);
  if (Object.keys(errors).length > 0) await form.respond({ response_action: 'errors', errors });
  else await form.respond(update(await form.again(failure)));
  await deps.ledger.markTold(claimed);
}

async function showLate(
  ended: Ended,
  { asked, claimed }: AcceptedRequest,
  form: Submission,
  deps: Deps,
): Promise<void> {
  if (ended === 'taken over') return;
  const { outcome, isUnstored } = ended;
  const failure = failureOf(outcome);
  if (failure === undefined) {
    await deps.slack.updateView(form.viewId, sentenceView(form.title, DONE));
    return isUnstored ? undefined : tell(outcome, { asked, claimed }, deps);
  }
  const view = isUnstored ? sentenceView(form.title, `${failure} ${WILL_RUN_AGAIN}`) : await form.again(failure);
  const shown = await deps.slack.updateView(form.viewId, view);
  if (shown !== 'shown') return tell(outcome, { asked, claimed }, deps);
  await deps.ledger.markTold(claimed);
}

/** Tells the person the outcome unless the channel has the receipt. The ledger tries again if Slack rejects the message. */
async function tell(
  outcome: WorkflowOutcome,
  { asked, claimed }: AcceptedRequest,
  { services, ledger }: Deps,
): Promise<void> {
  if (isPosted(outcome)) return;
  if (await tellPerson(asked, outcome, services)) await ledger.markTold(claimed);
}

/** How the ledger runs the workflow of a form or command. The outcome is a receipt in the channel or a direct message. */
export function workflowKind({ tenant, services }: Deps): Kind {
  return {
    keeps: true,
    run: (run, lease) => runRequest(run, lease, { tenant, services, isTold: isPosted }),
    giveUp: () => ({
      state: 'failed',
      steps: [{ callbackId: '', outcome: { error: givenUp('Check before you send it again') } }],
    }),
    tell: (run, outcome) => tellPerson(requestOf(run), outcome as WorkflowOutcome, services),
  };
}
