import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { defined } from '../defined.ts';
import { sentenceOf } from '../function.ts';
import { subjectOf, unacted } from '../issues/act.ts';
import { nameOf } from '../issues/transition.ts';
import type { Transition } from '../jira/transitions.ts';
import type { IssueKey } from '../key.ts';
import { fitsOption, optionOf, optionsOf } from '../messages/options.ts';
import { typedView } from '../messages/typed.ts';
import { inputView, loadingView, type ModalView, words } from '../messages/views.ts';
import { MOST_MARKS } from '../runner/redraw.ts';
import { type Deps, unclaimed } from '../services.ts';
import { controlFor, fieldBlock } from './create/control.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { type FormAction, note, redraw } from './create/redraw.ts';
import { stateOf, typedIn, type Values } from './create/values.ts';
import { filledIn } from './fields.ts';
import { type Opening, openView, showView } from './opening.ts';
import { type Submitted, submitRequest } from './submission.ts';

/** The callback_id of the form that moves an issue to another status. */
export const MOVE_FORM = 'move_issue';
/** The action_id of the menu of statuses. */
export const MOVE_STATUS = 'move:status';
const STATUS = 'status';
const COMMENT = 'comment';
const TITLE = 'Move issue';
const UNSHOWN = 'Slack didn’t show the form, so nothing was moved. Try again.';

/** Opens a loading view, and then the form with the statuses that Jira offers for `origin.issue` now. */
export async function openMoveForm(opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const viewId = await openView(opening, loadingView(TITLE), deps);
  if (viewId === undefined) return;
  const view = await moveView(origin, {}, deps);
  await showView(viewId, view, { asker: opening, title: TITLE, sentence: UNSHOWN }, deps);
}

/** Draws the form anew for another status, with the fields that Jira requires for it. */
export async function chooseStatus(act: FormAction, origin: Origin, values: Values, deps: Deps): Promise<void> {
  const [view] = await Promise.all([moveView(origin, values, deps), note(act, deps)]);
  await redraw(act, view, deps);
}

/** Handles the form: moves the issue. After a refusal, the form has the statuses that Jira offers then, and what was typed. */
export async function submitMove(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const { request: id, issue = '', user, list, card, home, channel, responseUrl, tries = 0 } = origin;
  const status = statusIn(values) ?? '';
  const comment = stateOf(values, COMMENT).value;
  const { fields, errors } = filledIn(values);
  if (Object.keys(errors).length > 0) return submitted.respond({ response_action: 'errors', errors });
  const inputs = {
    issue_key: issue,
    status,
    fields: JSON.stringify(fields),
    user_id: user,
    ...(comment ? { comment } : {}),
    ...defined({ channel_id: channel }),
  };
  const again = (sentence: string) => moveView({ ...origin, tries: tries + 1 }, values, deps, sentence);
  const isMarked = tries < MOST_MARKS;
  const form = { ...submitted, title: TITLE, submit: 'Move', again, errorsOf: () => ({}), isMarked };
  await submitRequest(
    { id, workflow: 'transition_issue', inputs, door: 'form', responseUrl, list, card, home },
    form,
    deps,
  );
}

/** The form, or a sentence if there is nothing to choose from. `values` are what it held before. */
export async function moveView(origin: Origin, values: Values, deps: Deps, sentence?: string): Promise<ModalView> {
  const offered = await offeredFor(origin, deps);
  const because = 'because' in offered ? offered.because : nothingIn(offered);
  if (because === undefined && 'key' in offered) return formView(offered, origin, values, sentence);
  return typedView(TITLE, [sentence, because].filter(isText).join(' '), typedIn(values));
}

/** The words for the chosen transition. */
function statusIn(values: Values): string | undefined {
  const block = Object.keys(values).find((id) => id === STATUS || id.startsWith(`${STATUS} `)) ?? STATUS;
  return stateOf(values, block).selected_option?.value;
}

type Offered = { key: IssueKey; transitions: readonly Transition[] };

async function offeredFor(
  { issue = '', request }: Origin,
  { tenant, services }: Deps,
): Promise<Offered | { because: string }> {
  const context = unclaimed({ tenant, door: 'form', operation: request, services });
  try {
    const subject = await subjectOf(issue, context);
    if ('because' in subject) return subject;
    const { key } = subject;
    const offered = await services.jira.transitionsOf(key);
    return offered.state === 'known'
      ? { key, transitions: offered.value }
      : { because: unacted(key, 'moved', offered).error };
  } catch (error) {
    return { because: sentenceOf(error, 'transition_issue', context) };
  }
}

function nothingIn({ key, transitions }: Offered): string | undefined {
  return transitions.length === 0 ? `Jira offers no other status for ${key} now.` : undefined;
}

function formView(
  { key, transitions }: Offered,
  origin: Origin,
  values: Values,
  sentence: string | undefined,
): ModalView {
  const wanted = statusIn(values);
  const options = optionsOf(transitions.map((each) => optionFor(each, transitions)));
  const at = options.findIndex(({ value }) => value === wanted);
  const chosen = at === -1 ? undefined : transitions[at];
  const metadata = encodeOrigin({ ...origin, issue: key });
  return inputView({ callback: MOVE_FORM, title: TITLE, submit: 'Move', metadata }, [
    ...(sentence === undefined ? [] : [words(sentence)]),
    {
      type: 'input',
      // Slack keeps a selection as long as the block_id stays the same, also of an option that is gone.
      block_id: wanted === undefined || at !== -1 ? STATUS : `${STATUS} after ${wanted}`,
      label: { type: 'plain_text', text: `Move ${key} to` },
      element: {
        type: 'static_select',
        action_id: MOVE_STATUS,
        options,
        placeholder: { type: 'plain_text', text: 'Choose a status' },
        ...defined({ initial_option: options[at] }),
      },
      dispatch_action: transitions.some(({ required, hasScreen }) => hasScreen || required.length > 0),
    },
    ...(chosen === undefined ? [] : fieldBlocks(key, chosen, values)),
    ...(chosen?.hasScreen ? [commentInput(values)] : []),
  ]);
}

/** The option for a transition. Where several lead to the same status, it has the transition's name too. */
function optionFor(transition: Transition, offered: readonly Transition[]): PlainTextOption {
  const { id, name, to } = transition;
  const isOnly = offered.filter((each) => each.to.id === to.id).length === 1;
  const value = nameOf(transition, offered);
  return optionOf(fitsOption(value) ? value : id, isOnly ? to.name : `${to.name} (${name})`);
}

/** The fields that Jira requires for a transition, and the names of those that Maro cannot ask for. */
function fieldBlocks(key: IssueKey, { id, required }: Transition, values: Values): KnownBlock[] {
  const blocks = required.flatMap((field): InputBlock[] => {
    const block = fieldBlock(key, id, field.id);
    const control = controlFor(field, block, stateOf(values, block));
    return control === undefined ? [] : [control];
  });
  const others = required.filter(({ kind }) => kind === 'other').map(({ name }) => name);
  const sentence = `Jira also asks for ${others.join(', ')}, which Maro can’t ask for. Move ${key} in Jira.`;
  return others.length === 0 ? blocks : [...blocks, words(sentence)];
}

/** Jira does not say whether a workflow wants a comment, so the person may leave it empty. */
function commentInput(values: Values): InputBlock {
  const { value } = stateOf(values, COMMENT);
  return {
    type: 'input',
    block_id: COMMENT,
    label: { type: 'plain_text', text: 'Comment' },
    element: {
      type: 'plain_text_input',
      action_id: COMMENT,
      multiline: true,
      ...(value ? { initial_value: value } : {}),
    },
    optional: true,
  };
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
