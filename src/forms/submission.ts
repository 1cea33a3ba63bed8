import { DatabaseTrouble } from '../database/trouble.ts';
import { sentenceOf } from '../function.ts';
import { type Acceptance, type ClaimedRun, givenUp, type Kind, type Performed } from '../ledger/index.ts';
import { type ModalView, sentenceView } from '../messages/views.ts';
import { failureOf, isPosted, tellPerson } from '../runner/receipt.ts';
import { mark, redraw } from '../runner/redraw.ts';
import { asRun, requestOf, runRequest, type WorkflowRequest } from '../runner/request.ts';
import type { WorkflowOutcome } from '../runner/run.ts';
import { type Deps, unclaimed } from '../services.ts';
import { within } from '../within.ts';
import { type Asker, showView } from './opening.ts';

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
  /** Whether the list or card that opened the form shows what Maro is doing until the outcome is known. */
  isMarked?: boolean;
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
  const marking = form.isMarked ? mark(asked, running, deps) : Promise.resolve(false);
  const accepted: AcceptedRequest = { asked, claimed, marking };
  const inTime = await within(form.until - Date.now(), running.then(asEnded));
  if (inTime !== undefined) return respondInTime(inTime, accepted, form, deps);
  await form.respond(update(sentenceView(form.title, WAITING)));
  await showLate(asEnded(await running), accepted, form, deps);
}

/** What the form says when its request may not be stored. The form keeps its request id, so sending it again is safe. */
function unconfirmed({ submit }: Submission): string {
  return `Not confirmed yet: Maro’s database isn’t answering. Press ${submit} again in a moment. It won’t be done twice.`;
}

/** `marking` resolves to whether the list or card shows what Maro is doing. */
type AcceptedRequest = { asked: WorkflowRequest; claimed: ClaimedRun; marking: Promise<boolean> };

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
    'This is already on its way, so it wasn’t sent again. You can close this. The result will appear in the channel.',
  finished:
    'This form was already sent and may have done something, so it wasn’t sent again. Check the channel before you open a new form.',
};
/** Asks the person not to send another form. A new form has a new request id, so it would create a second ticket. */
export const WILL_RUN_AGAIN =
  'Maro saved it and will try again in a minute or two, so don’t send it again. The result will come to the channel or to you.';
export const DONE = 'Done. The result is in the channel or in a direct message.';
const WAITING = 'Jira is slow right now. You can close this. The result will come to the channel or to you.';

async function respondInTime(ended: Ended, accepted: AcceptedRequest, form: Submission, deps: Deps): Promise<void> {
  if (ended === 'taken over') return form.respond(update(sentenceView(form.title, ALREADY.running)));
  const { outcome, isUnstored } = ended;
  const failure = failureOf(outcome);
  if (failure === undefined) {
    await form.respond({ response_action: 'clear' });
    return isUnstored ? undefined : tell(outcome, accepted, deps);
  }
  if (isUnstored) return form.respond(update(sentenceView(form.title, `${failure} ${WILL_RUN_AGAIN}`)));
  const errors = form.errorsOf(outcome);
  if (Object.keys(errors).length > 0) await form.respond({ response_action: 'errors', errors });
  else await form.respond(update(await form.again(failure)));
  await toldInForm(failure, accepted, deps);
}

async function showLate(ended: Ended, accepted: AcceptedRequest, form: Submission, deps: Deps): Promise<void> {
  if (ended === 'taken over') return;
  const { outcome, isUnstored } = ended;
  const failure = failureOf(outcome);
  if (failure === undefined) {
    const { asked } = accepted;
    const asker: Asker = { user: String(asked.inputs.user_id), responseUrl: asked.responseUrl, typed: [] };
    await showView(form.viewId, sentenceView(form.title, DONE), { asker, title: form.title, sentence: DONE }, deps);
    return isUnstored ? undefined : tell(outcome, accepted, deps);
  }
  const sentence = isUnstored ? `${failure} ${WILL_RUN_AGAIN}` : failure;
  const view = isUnstored ? sentenceView(form.title, sentence) : await form.again(failure);
  const shown = await deps.slack.updateView(form.viewId, view);
  if (shown === 'shown') return toldInForm(failure, accepted, deps);
  // The direct message gives back what was typed. The view must not say any more that Jira takes its time.
  if (shown === 'refused') await deps.slack.updateView(form.viewId, sentenceView(form.title, sentence));
  await tell(outcome, accepted, deps);
}

/** The form has shown the failure. Redraws the list or card if it still shows what Maro was doing. */
async function toldInForm(text: string, { asked, claimed, marking }: AcceptedRequest, deps: Deps): Promise<void> {
  // When Slack answers again, the ledger redraws the card and tells the failure in a direct message.
  if ((await marking) && (await redraw(asked, { notice: { text }, isDone: false }, deps)) === 'later') return;
  await deps.ledger.markTold(claimed);
}

/** Tells the person the outcome unless the channel has the receipt. The ledger tries again if Slack rejects the message. */
async function tell(outcome: WorkflowOutcome, { asked, claimed, marking }: AcceptedRequest, deps: Deps): Promise<void> {
  if (isPosted(outcome)) return;
  await marking;
  if (await tellPerson(asked, outcome, deps)) await deps.ledger.markTold(claimed);
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
    tell: (run, outcome) => tellPerson(requestOf(run), outcome as WorkflowOutcome, { tenant, services }),
  };
}
