import { sentenceOf } from '../function.ts';
import type { Context, Services } from '../services.ts';
import type { Work } from '../work.ts';
import { type RequestRun, takeRequest, type WorkflowRequest } from '../workflow/request.ts';
import type { WorkflowRun } from '../workflow/run.ts';
import type { SlackClient } from './client.ts';
import { failureOf, tellPerson } from './receipt.ts';
import { type ModalView, sentenceView } from './views.ts';

export type Deps = { tenant: string; slack: SlackClient; services: Services; work: Work };

/** What answers a form that was sent. https://docs.slack.dev/surfaces/modals#updating_response */
export type FormAnswer =
  | { response_action: 'clear' }
  | { response_action: 'update'; view: ModalView }
  | { response_action: 'errors'; errors: Record<string, string> };

/** A form that somebody sent. */
export type Submission = {
  viewId: string;
  title: string;
  /** When Slack has to have its answer, in milliseconds since 1970. */
  until: number;
  answer(answer: FormAnswer): Promise<void>;
  /** The form again, filled, with a sentence on top. */
  again(sentence: string): Promise<ModalView>;
  /** Jira's complaints by the blocks that they are about; empty when they are about none. */
  errorsOf(run: WorkflowRun): Record<string, string>;
};

/** Slack: a view's submission is answered within three seconds. Jira has what is left of them. */
export const SUBMIT_WITHIN_MS = 2_500;

export const update = (view: ModalView): FormAnswer => ({ response_action: 'update', view });

/**
 * Takes what a form asks for, durably, and answers the form: closed when all is done, with Jira's complaints at their fields
 * when there are some in time. What takes longer ends in the view, or in a direct message when that is gone.
 */
export async function submitRequest(asked: WorkflowRequest, form: Submission, deps: Deps): Promise<void> {
  const { services } = deps;
  const context: Context = { tenant: deps.tenant, door: asked.door, operation: asked.request, services };
  let taken: Awaited<ReturnType<typeof takeRequest>>;
  try {
    taken = await takeRequest(asked, deps);
  } catch (error) {
    return form.answer(update(await form.again(sentenceOf(error, asked.workflow, context))));
  }
  if (taken.run === undefined) return form.answer(update(sentenceView(form.title, ALREADY[taken.turn])));
  const running = taken.run();
  const inTime = await within(form.until - Date.now(), running);
  if (inTime !== undefined) return answerInTime(inTime, asked, form, deps);
  await form.answer(update(sentenceView(form.title, WAITING)));
  await showLate(await running, asked, form, deps);
}

const ALREADY = {
  ours: '',
  running:
    'This is on its way already, so it was not sent again. You may close this: the outcome comes to the channel.',
  done: 'This form was sent before and may have created something, so it was not sent again. Look into the channel, or open the form anew.',
};
/** The same again, from another form, would be a second ticket. */
const KEPT =
  'It is kept and tried again in a minute or two, so do not send it anew: the outcome comes to the channel, or to you.';
const WAITING = 'Creating … Jira takes its time. You may close this: the outcome comes to the channel, or to you.';

async function answerInTime(run: RequestRun, asked: WorkflowRequest, form: Submission, deps: Deps): Promise<void> {
  const failure = failureOf(run);
  if (failure === undefined) {
    await form.answer({ response_action: 'clear' });
    return tellPerson(asked.inputs, run, deps.services);
  }
  if (run.kept) return form.answer(update(sentenceView(form.title, `${failure} ${KEPT}`)));
  const errors = form.errorsOf(run);
  if (Object.keys(errors).length > 0) return form.answer({ response_action: 'errors', errors });
  await form.answer(update(await form.again(failure)));
}

async function showLate(run: RequestRun, asked: WorkflowRequest, form: Submission, deps: Deps): Promise<void> {
  const failure = failureOf(run);
  if (failure === undefined) {
    await deps.slack.updateView(form.viewId, sentenceView(form.title, 'Done. The receipt is where you asked for it.'));
    return tellPerson(asked.inputs, run, deps.services);
  }
  const view = run.kept ? sentenceView(form.title, `${failure} ${KEPT}`) : await form.again(failure);
  const shown = await deps.slack.updateView(form.viewId, view);
  if (shown !== 'shown') await tellPerson(asked.inputs, run, deps.services);
}

/** What comes in time, or undefined. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, ms));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
