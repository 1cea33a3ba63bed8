import { functions } from '../../functions/index.ts';
import { call } from '../function.ts';
import { MOST_KEYS, tooMany } from '../issues/answer.ts';
import { listShown } from '../issues/visible.ts';
import { parseKeys } from '../key.ts';
import { givenUp, type Kind } from '../ledger/index.ts';
import { errorName } from '../log.ts';
import { answersMessage } from '../messages/blocks.ts';
import { type ListView, listMessage, PAGE } from '../messages/list.ts';
import {
  inputView,
  loadingView,
  type ModalView,
  resultView,
  sentencesView,
  sentenceView,
  TRACK_TITLE,
} from '../messages/views.ts';
import { type Context, claimed, type Deps, unclaimed } from '../services.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { issuesMenu } from './issue-menu.ts';
import { type Asker, showView } from './opening.ts';
import { type Submitted, update } from './submission.ts';

/** The callback_id of the form that asks for issues to track. */
export const TRACK_FORM = 'track_issues';
const FORM_TITLE = 'Track issues';

/** Issues to track, and the view that shows the outcome. The ledger stores them for another process. */
export type Tracking = {
  viewId: string;
  channel: string;
  user: string;
  /** Keys and links, as a message mentions them or as a person typed them. */
  mentions: string[];
  /** The number of mentions left out because they exceed `MOST_KEYS`. */
  more: number;
  messageLink: string | undefined;
  operation: string;
  /** Takes the outcome if Slack refuses the view, and the list. Undefined in runs that an older version stored. */
  responseUrl?: string | undefined;
  /** Whether the form was opened from the list, which is then drawn anew. */
  isFromList?: boolean | undefined;
  /** Whether a person typed the mentions into the form. Otherwise a message mentions them. */
  isTyped?: boolean;
};

/** The kind of ledger run that tracks issues and shows the outcome in a view. */
export const TRACKING = 'mentioned';

const UNSHOWN = 'Slack didn’t show the result. Type /maro tracked to see what’s tracked here.';
/** An empty list has no other page. */
const FIRST_PAGE: ListView = { category: undefined, offset: 0 };
const NOTHING_CHOSEN = 'Choose an issue here, or type keys below.';
const NOT_A_KEY = 'That’s not an issue key. Type a key such as PLAT-12, or paste a link to the issue.';

/** The form that asks for issues to track, and for the channel unless the origin has one. It opens complete. */
export function trackView(origin: Origin): ModalView {
  const placeholder = { type: 'plain_text' as const, text: 'PLAT-12, or links to issues' };
  const form = { callback: TRACK_FORM, title: FORM_TITLE, submit: 'Track', metadata: encodeOrigin(origin) };
  return inputView(form, [
    {
      type: 'input',
      block_id: 'found',
      optional: true,
      label: { type: 'plain_text', text: 'Issues' },
      element: issuesMenu(),
    },
    {
      type: 'input',
      block_id: 'issues',
      optional: true,
      label: { type: 'plain_text', text: 'Keys and links' },
      element: { type: 'plain_text_input', action_id: 'issues', multiline: true, placeholder },
    },
    ...(origin.channel === undefined
      ? [
          {
            type: 'input' as const,
            block_id: 'channel',
            label: { type: 'plain_text' as const, text: 'Channel' },
            element: {
              type: 'conversations_select' as const,
              action_id: 'channel',
              default_to_current_conversation: true,
            },
          },
        ]
      : []),
  ]);
}

/** Handles the form: tracks the issues, and shows the outcome in place of the form. */
export async function submitTrack(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const found = (stateOf(values, 'found').selected_options ?? []).map((option) => option.value ?? '');
  const value = [...found, stateOf(values, 'issues').value ?? ''].join('\n').trim();
  const typed = parseKeys(value);
  const channel = origin.channel ?? stateOf(values, 'channel').selected_conversation ?? '';
  const sentence = typed.length > MOST_KEYS ? tooMany(typed.length) : NOT_A_KEY;
  if (typed.length > MOST_KEYS || typed.every(({ key, host }) => key === undefined && host === undefined)) {
    const block = value === '' ? { found: NOTHING_CHOSEN } : { issues: sentence };
    return submitted.respond({ response_action: 'errors', errors: block });
  }
  await submitted.respond(update(loadingView(FORM_TITLE)));
  await trackInView(
    {
      viewId: submitted.viewId,
      channel,
      user: origin.user,
      mentions: [value],
      more: 0,
      messageLink: undefined,
      operation: origin.request,
      responseUrl: origin.responseUrl,
      isFromList: origin.isFromList,
      isTyped: true,
    },
    deps,
  );
}

/**
 * Tracks issues and shows the outcome in the open view. If this process
 * dies after storing the run, another process does both.
 */
export async function trackInView(tracking: Tracking, deps: Deps): Promise<void> {
  const { tenant, services, ledger } = deps;
  const { operation } = tracking;
  const door = doorOf(tracking);
  const run = { id: operation, kind: TRACKING, door, inputs: tracking };
  const accepting = ledger.accept(run).catch(() => undefined);
  const view = outcomeView(tracking, unclaimed({ tenant, door, operation, services }));
  const acceptance = await accepting;
  if (acceptance?.state === 'ours') return ledger.bringToEnd(acceptance.run, view.then(asFinish));
  // The run was not stored, so only this process can show the outcome. The view reports any database error.
  await show(tracking, await view, deps);
}

/** How the ledger tracks issues, and shows the outcome in the view if it is still open. */
export function trackingKind(deps: Deps): Kind {
  const { tenant, services } = deps;
  return {
    keeps: false,
    async run(run, lease) {
      const tracking = run.inputs as Tracking;
      const { operation } = tracking;
      const context = { tenant, door: doorOf(tracking), operation, ...claimed(run, lease), services };
      return asFinish(await outcomeView(tracking, context));
    },
    giveUp: ({ inputs }) => ({
      view: sentenceView(titleOf(inputs as Tracking), givenUp('Check the list before you try again')),
    }),
    async tell({ inputs }, { view }) {
      await show(inputs as Tracking, view as ModalView, deps);
      return true;
    },
  };
}

function doorOf({ isTyped }: Tracking): 'form' | 'shortcut' {
  return isTyped ? 'form' : 'shortcut';
}

function titleOf({ isTyped }: Tracking): string {
  return isTyped ? FORM_TITLE : TRACK_TITLE;
}

/**
 * Shows the outcome in the view if it is still open, and draws the list anew from which the form was opened. If Slack refuses
 * the outcome, the person gets a sentence.
 */
async function show(tracking: Tracking, view: ModalView, deps: Deps): Promise<void> {
  const { viewId, user, responseUrl } = tracking;
  const asker: Asker = { user, responseUrl, typed: [] };
  await showView(viewId, view, { asker, title: titleOf(tracking), sentence: UNSHOWN }, deps);
  await redrawList(tracking, deps);
}

async function redrawList({ channel, responseUrl, isFromList }: Tracking, { tenant, slack, services }: Deps) {
  if (!isFromList || responseUrl === undefined) return;
  try {
    const issues = await listShown({ tenant, channel, ...FIRST_PAGE, limit: PAGE }, services);
    await slack.respond(responseUrl, { replace_original: true, ...listMessage(issues, FIRST_PAGE) });
  } catch (error) {
    // The view has the outcome. The list stays as it was, with its buttons.
    services.log.warn({ error: errorName(error) }, 'a list could not be redrawn');
  }
}

function asFinish(view: ModalView) {
  return { outcome: { view }, failed: false, told: false };
}

async function outcomeView(tracking: Tracking, context: Context): Promise<ModalView> {
  const { channel, user, mentions, more, messageLink, isTyped } = tracking;
  const inputs = {
    channel_id: channel,
    issue_keys: mentions.join(' '),
    user_id: user,
    message_link: messageLink,
    continue_on_error: false,
  };
  const result = await call(functions.track, inputs, context);
  if (result.detail === undefined) return sentenceView(titleOf(tracking), 'error' in result ? result.error : '');
  if (isTyped) return sentencesView(FORM_TITLE, [], answersMessage(result.detail).blocks);
  // Text such as UTF-8 looks like a key but is not an issue. The person
  // did not ask about it, so the view names it without a reason.
  const answers = result.detail.filter(({ phrase }) => phrase !== 'not found' && phrase !== 'another Jira site');
  const others = result.detail.filter((answer) => !answers.includes(answer)).map(({ name }) => name);
  return resultView(answers.length === 0 ? [] : (answersMessage(answers).blocks ?? []), { others, more });
}
