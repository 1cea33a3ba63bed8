import type { PlainTextOption } from '@slack/types';
import { MOST_CHANGED } from '../../functions/own/change_issues.ts';
import { defined } from '../defined.ts';
import { sentenceOf } from '../function.ts';
import { suggested } from '../issues/suggested.ts';
import { parseKeys } from '../key.ts';
import { describedOption, MOST_OPTIONS, optionOf } from '../messages/options.ts';
import { listed } from '../messages/several.ts';
import { typedView } from '../messages/typed.ts';
import { inputView, loadingView, type ModalView, words } from '../messages/views.ts';
import { MOST_MARKS } from '../runner/redraw.ts';
import { type Deps, type Services, unclaimed } from '../services.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { type Opening, openView, showView } from './opening.ts';
import { type Act, changeIn, inputFor } from './several-value.ts';
import { type Submitted, submitRequest, update } from './submission.ts';

/** The callback_id of the form that asks for several issues and for what to do with them. */
export const SEVERAL_FORM = 'change_several';
/** The callback_id of the form that then asks for the new value. */
export const VALUE_FORM = 'change_several:value';
/** The action_id of the menu of the channel's issues. */
export const SEVERAL_MENU = 'several:issues';

const TITLE = 'Change several issues';
const ISSUES = 'issues';
const ACT = 'act';
const UNSHOWN = 'Slack didn’t show the form, so nothing was changed. Try again.';
/** Slack allows 3,000 characters in private_metadata. https://docs.slack.dev/reference/views/modal-views */
const LONGEST_METADATA = 3_000;

/** What people can do to several issues: the entry in the menu, and the label of the submit button. */
const ACTS: Readonly<Record<Act, { label: string; submit: string }>> = {
  move: { label: 'Move to…', submit: 'Move' },
  assign: { label: 'Assign…', submit: 'Assign' },
  unassign: { label: 'Unassign', submit: 'Unassign' },
  priority: { label: 'Priority…', submit: 'Save' },
  untrack: { label: 'Untrack', submit: 'Untrack' },
};

/** Opens the form. It needs nothing from Jira, so there is no loading view. */
export async function openSeveral(opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  await openView(opening, severalView(origin, {}), deps);
}

function severalView(origin: Origin, values: Values): ModalView {
  const chosen = stateOf(values, ISSUES).selected_options ?? [];
  const options = Object.entries(ACTS).map(([act, { label }]) => optionOf(act, label));
  return inputView({ callback: SEVERAL_FORM, title: TITLE, submit: 'Next', metadata: encodeOrigin(origin) }, [
    {
      type: 'input',
      block_id: ISSUES,
      label: { type: 'plain_text', text: 'Issues' },
      element: {
        type: 'multi_external_select',
        action_id: SEVERAL_MENU,
        min_query_length: 0,
        max_selected_items: MOST_CHANGED,
        placeholder: { type: 'plain_text', text: 'Type words or a key' },
        ...(chosen.length === 0 ? {} : { initial_options: chosen }),
      },
      hint: { type: 'plain_text', text: `Up to ${MOST_CHANGED} issues that this channel tracks.` },
    },
    {
      type: 'input',
      block_id: ACT,
      label: { type: 'plain_text', text: 'What to do' },
      element: {
        type: 'static_select',
        action_id: ACT,
        options,
        ...defined({
          initial_option: options.find(({ value }) => value === stateOf(values, ACT).selected_option?.value),
        }),
      },
    },
  ]);
}

/** The options of the menu: the channel's issues that match `query`. One statement, and no call to Jira. */
export async function severalOptions(
  { tenant, channel }: { tenant: string; channel: string | undefined },
  query: string,
  services: Pick<Services, 'tracker' | 'jira'>,
): Promise<PlainTextOption[]> {
  const asked = { tenant, channel: channel ?? '', limit: MOST_OPTIONS, others: 0 };
  return (await suggested(query, asked, services)).map(({ key, summary, status }) =>
    describedOption(key, `${key} ${summary}`, status),
  );
}

/** Handles the first form. Replaces it with a form that asks for the new value, or for a confirmation. */
export async function submitSeveral(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const issues = (stateOf(values, ISSUES).selected_options ?? []).map(({ value = '' }) => value).join(' ');
  const act = actNamed(stateOf(values, ACT).selected_option?.value);
  const chosen = { ...origin, issues, act, tries: 0 };
  const complaint =
    keysOf(chosen).length === 0
      ? { [ISSUES]: 'Choose an issue.' }
      : act === undefined
        ? { [ACT]: 'Choose what to do.' }
        : encodeOrigin(chosen).length > LONGEST_METADATA
          ? { [ISSUES]: 'These keys are too long to send together. Choose fewer issues.' }
          : undefined;
  if (complaint !== undefined) return submitted.respond({ response_action: 'errors', errors: complaint });
  if (act !== 'move' && act !== 'priority') return submitted.respond(update(await valueView(chosen, {}, deps)));
  await submitted.respond(update(loadingView(TITLE)));
  const asker = { user: origin.user, responseUrl: origin.responseUrl, typed: [] };
  const view = await valueView(chosen, {}, deps);
  await showView(submitted.viewId, view, { asker, title: TITLE, sentence: UNSHOWN }, deps);
}

/** Handles the second form: changes the issues. If that fails, the form says why and keeps what was chosen. */
export async function submitValue(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const { request: id, user, channel, list, responseUrl, issues: issue_keys = '', tries = 0 } = origin;
  const act = actNamed(origin.act) ?? 'move';
  const change = changeIn(act, keysOf(origin), values, user);
  if ('errors' in change) return submitted.respond({ response_action: 'errors', errors: change.errors });
  const workflow = act === 'untrack' ? 'untrack' : 'change_issues';
  const inputs = { issue_keys, user_id: user, ...defined({ channel_id: channel }), ...change.inputs };
  // One digit, so that the metadata does not grow.
  const next = { ...origin, tries: Math.min(tries + 1, MOST_MARKS) };
  const again = (sentence: string) => valueView(next, values, deps, sentence);
  const isMarked = tries < MOST_MARKS;
  const form = { ...submitted, title: TITLE, submit: ACTS[act].submit, again, errorsOf: () => ({}), isMarked };
  await submitRequest({ id, workflow, inputs, door: 'form', responseUrl, list }, form, deps);
}

/** The form for the new value, or a sentence if there is nothing to choose from. `values`: what the form held before. */
async function valueView(origin: Origin, values: Values, deps: Deps, sentence?: string): Promise<ModalView> {
  const act = actNamed(origin.act) ?? 'move';
  const context = unclaimed({ tenant: deps.tenant, door: 'form', operation: origin.request, services: deps.services });
  const failed = (because: string) => typedView(TITLE, [sentence, because].filter((words) => words).join(' '), []);
  try {
    const input = await inputFor(act, keysOf(origin), values, deps.services);
    if (typeof input === 'string') return failed(input);
    const form = { callback: VALUE_FORM, title: TITLE, submit: ACTS[act].submit, metadata: encodeOrigin(origin) };
    return inputView(form, [
      ...(sentence === undefined ? [] : [words(sentence)]),
      words(questionFor(act, origin)),
      ...input,
    ]);
  } catch (error) {
    return failed(sentenceOf(error, 'change_issues', context));
  }
}

function questionFor(act: Act, origin: Origin): string {
  const keys = keysOf(origin);
  const names = listed(keys);
  if (act === 'unassign') return `Unassign ${names}?`;
  if (act === 'untrack') return `Untrack ${names} in this channel? You can undo this.`;
  return keys.length === 1 ? names : `${keys.length} issues: ${names}`;
}

function actNamed(name: string | undefined): Act | undefined {
  return name !== undefined && Object.hasOwn(ACTS, name) ? (name as Act) : undefined;
}

function keysOf({ issues = '' }: Origin): string[] {
  return parseKeys(issues).flatMap(({ key }) => key ?? []);
}
