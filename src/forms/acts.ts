import type { InputBlock } from '@slack/types';
import { defined } from '../defined.ts';
import { sentenceOf } from '../function.ts';
import { reasonOf, subjectOf } from '../issues/act.ts';
import type { IssueKey } from '../key.ts';
import { initialValue } from '../messages/initial-value.ts';
import { ASSIGN, COMMENT, PRIORITY } from '../messages/issue-act.ts';
import { optionsMatching } from '../messages/options.ts';
import { parseRichText } from '../messages/rich-text.ts';
import { typedView } from '../messages/typed.ts';
import { inputView, loadingView, type ModalView, words } from '../messages/views.ts';
import { MOST_MARKS } from '../runner/redraw.ts';
import { type Deps, unclaimed } from '../services.ts';
import { controlFor, fieldBlock, NO_CHOICE } from './create/control.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, typedIn, type Values } from './create/values.ts';
import { type Opening, openView, showView } from './opening.ts';
import { type Submitted, submitRequest } from './submission.ts';

/** A form that changes one thing of an issue: its input, and what the function gets that carries it out. */
type ActForm = {
  title: string;
  submit: string;
  /** The callback_id of the function. */
  callbackId: string;
  /** The input, filled with its earlier value, or a sentence that says why there is none. */
  input(key: IssueKey, values: Values, deps: Deps): Promise<InputBlock | string>;
  /** The function's inputs. `complaint`: what is wrong with each value, by block_id. */
  inputs(
    key: string,
    values: Values,
    user: string,
  ): Readonly<Record<string, unknown>> | { complaint: Record<string, string> };
};

const ASSIGNEE = { id: 'assignee', name: 'Assign to', kind: 'person' } as const;
const UNSHOWN = 'Slack didn’t show the form, so nothing was changed. Try again.';
const assigneeBlock = (key: string) => fieldBlock(key, 'assign', ASSIGNEE.id);

/** The forms, by their callback_ids, which are also the actions of the buttons that open them. */
const forms: Readonly<Record<string, ActForm>> = {
  [COMMENT]: {
    title: 'Comment on issue',
    submit: 'Comment',
    callbackId: 'comment_issue',
    async input(key, values) {
      const text = parseRichText(stateOf(values, 'comment').rich_text_value);
      return {
        type: 'input',
        block_id: 'comment',
        label: { type: 'plain_text', text: `Comment on ${key}` },
        element: {
          type: 'rich_text_input',
          action_id: 'comment',
          ...defined({ initial_value: text && initialValue(text, new Map()) }),
        },
        hint: { type: 'plain_text', text: 'In Jira, the comment begins with your name.' },
      };
    },
    inputs: (_, values) => ({ formatted_comment: parseRichText(stateOf(values, 'comment').rich_text_value) }),
  },
  [ASSIGN]: {
    title: 'Assign issue',
    submit: 'Assign',
    callbackId: 'assign_issue',
    input: async (key, values) => assigneeInput(key, `Assign ${key} to`, values) ?? '',
    inputs: assigneeIn,
  },
  [PRIORITY]: {
    title: 'Set priority',
    submit: 'Save',
    callbackId: 'update_issue',
    async input(key, values, { services: { jira } }) {
      const offered = await jira.priorities(key);
      if (offered.state !== 'known') return reasonOf(offered);
      const options = optionsMatching(
        offered.value.map(({ name }) => ({ id: name, name })),
        '',
      );
      if (options.length === 0) return `Jira doesn’t let Maro set the priority of ${key}.`;
      const held = stateOf(values, 'priority').selected_option?.value;
      return {
        type: 'input',
        block_id: 'priority',
        label: { type: 'plain_text', text: `Priority of ${key}` },
        element: {
          type: 'static_select',
          action_id: 'priority',
          options,
          ...defined({ initial_option: options.find(({ value }) => value === held) }),
        },
      };
    },
    inputs: (_, values) => ({ priority: stateOf(values, 'priority').selected_option?.value ?? '' }),
  },
};

/** The menu of people who can be assigned the issue. Undefined if a form cannot have such a menu. */
export function assigneeInput(key: string, label: string, values: Values): InputBlock | undefined {
  const block = assigneeBlock(key);
  const control = controlFor(ASSIGNEE, block, stateOf(values, block), true);
  const hint = { type: 'plain_text' as const, text: 'Leave empty to assign to yourself.' };
  return control && { ...control, label: { type: 'plain_text', text: label }, hint };
}

/** The person chosen in the menu, by name in Jira. If the menu is empty, it is the Slack user who sent the form. */
export function assigneeIn(
  key: string,
  values: Values,
  user: string,
): { assignee: string } | { assignee_id: string } | { complaint: Record<string, string> } {
  const block = assigneeBlock(key);
  const chosen = stateOf(values, block).selected_option;
  if (chosen?.value === NO_CHOICE) return { complaint: { [block]: 'No person was chosen. Search again in a moment.' } };
  return chosen ? { assignee: chosen.text.text } : { assignee_id: user };
}

export const ACT_FORMS: readonly string[] = Object.keys(forms);

/** Opens a loading view, then shows the form of `callback` in it. */
export async function openActForm(callback: string, opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const { title } = formOf(callback);
  const viewId = await openView(opening, loadingView(title), deps);
  if (viewId === undefined) return;
  const view = await actView(callback, origin, {}, deps);
  await showView(viewId, view, { asker: opening, title, sentence: UNSHOWN }, deps);
}

/** The form that stands for `callback`, or a sentence if it cannot be shown. `values` are what it held before. */
export async function actView(
  callback: string,
  origin: Origin,
  values: Values,
  deps: Deps,
  sentence?: string,
): Promise<ModalView> {
  const { issue = '', request } = origin;
  const form = formOf(callback);
  const context = unclaimed({ tenant: deps.tenant, door: 'form', operation: request, services: deps.services });
  const failed = (because: string) =>
    typedView(form.title, [sentence, because].filter((words) => words).join(' '), typedIn(values));
  try {
    const subject = await subjectOf(issue, context);
    if ('because' in subject) return failed(subject.because);
    const input = await form.input(subject.key, values, deps);
    if (typeof input === 'string') return failed(input);
    const metadata = encodeOrigin({ ...origin, issue: subject.key });
    return inputView({ callback, title: form.title, submit: form.submit, metadata }, [
      ...(sentence === undefined ? [] : [words(sentence)]),
      input,
    ]);
  } catch (error) {
    return failed(sentenceOf(error, form.callbackId, context));
  }
}

/** Handles the form. After a failure, it has what was typed, and says why. */
export async function submitAct(
  callback: string,
  origin: Origin,
  values: Values,
  submitted: Submitted,
  deps: Deps,
): Promise<void> {
  const { request: id, issue = '', user, channel, list, card, home, responseUrl, tries = 0 } = origin;
  const { title, submit, callbackId: workflow, inputs: inputsOf } = formOf(callback);
  const given = inputsOf(issue, values, user);
  if ('complaint' in given) {
    const errors = given.complaint as Record<string, string>;
    return submitted.respond({ response_action: 'errors', errors });
  }
  const inputs = { issue_key: issue, user_id: user, ...defined({ channel_id: channel }), ...given };
  const again = (sentence: string) => actView(callback, { ...origin, tries: tries + 1 }, values, deps, sentence);
  const typed = parseRichText(stateOf(values, 'comment').rich_text_value);
  const form = { ...submitted, title, submit, again, errorsOf: () => ({}), isMarked: tries < MOST_MARKS };
  await submitRequest({ id, workflow, inputs, typed, door: 'form', responseUrl, list, card, home }, form, deps);
}

function formOf(callback: string): ActForm {
  const form = forms[callback];
  if (form === undefined) throw new Error('a form that Maro does not have');
  return form;
}
