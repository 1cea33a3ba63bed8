import { randomUUID } from 'node:crypto';
import type { App, BlockAction } from '@slack/bolt';
import { defined } from '../defined.ts';
import type { Deliveries } from '../deliveries.ts';
import { chooseInForm } from '../forms/create/choose.ts';
import { decodeOrigin } from '../forms/create/origin.ts';
import { typedIn, type Values, withNames } from '../forms/create/values.ts';
import { ISSUE_MENU } from '../forms/issue-menu.ts';
import { ACTIONS, chooseAct } from '../forms/more.ts';
import { chooseStatus, MOVE_STATUS } from '../forms/move.ts';
import { sentenceOf } from '../function.ts';
import { withoutNonce } from '../messages/blocks.ts';
import { decodeView } from '../messages/list.ts';
import { BOARD_ROW } from '../messages/row.ts';
import { typedView } from '../messages/typed.ts';
import { drawHome } from '../runner/draw-home.ts';
import type { Card } from '../runner/request.ts';
import { type Deps, unclaimed } from '../services.ts';
import { onceOnlyActions, repeatableActions } from './action-handlers.ts';
import type { Shown, Shows } from './actions/pressed.ts';
import { putChecklistAway } from './home.ts';
import { OTHER_VERSION } from './other-version.ts';
import { press, pressId, respondWith } from './press.ts';
import { openFromButton } from './view-buttons.ts';

/** Registers the only listener for buttons and menus. The payload holds all that a handler needs, so any process can answer it. */
export function registerActions(app: App, { deliveries, ...deps }: Deps & { deliveries: Deliveries }): void {
  const { tenant, slack, services } = deps;
  app.action(/./, async ({ ack, action, body }) => {
    await ack();
    if ('view' in body && body.view !== undefined) return inView(body as BlockAction, action, deps);
    const { response_url: responseUrl, channel: where, container, user, message } = body as BlockAction;
    const channel = where?.id ?? container?.channel_id;
    const value = chosen(action);
    if (value === 'open' || value === 'mention') return;
    const name = 'action_id' in action ? action.action_id : '';
    const pressedIn = {
      ...(body as BlockAction),
      channel,
      response_url: responseUrl,
      // A job redraws boards.
      card: name === BOARD_ROW ? undefined : cardOf(body as BlockAction),
    };
    if (await openFromButton(name, value, pressedIn, deps)) return;
    const isKnown =
      typeof channel === 'string' && (Object.hasOwn(repeatableActions, name) || Object.hasOwn(onceOnlyActions, name));
    if (!isKnown) {
      services.log.warn({ type: body.type }, 'a button that this version of Maro does not have');
      return void (await respondWith(responseUrl, { error: OTHER_VERSION }, slack));
    }
    const pressed = { value: withoutNonce(value), channel, user: user.id, message: message as Shows | undefined };
    const read = repeatableActions[name];
    if (read === undefined) {
      // A repeated press has the same operation id, so its Undo button restores what the first press untracked.
      const operation = pressId([channel, String(container?.message_ts ?? ''), name, value]);
      const asked = { act: name, pressed, responseUrl, operation };
      return press(asked, () => deliveries.draining, deps);
    }
    const context = unclaimed({ tenant, door: 'button', operation: randomUUID(), services });
    const shown = await read({ ...pressed, context }).catch(
      (error: unknown): Shown => ({ error: sentenceOf(error, 'action', context) }),
    );
    await respondWith(responseUrl, shown, slack);
  });
}

/** The message with the button, as a card. Maro cannot read a message that only one person sees. */
function cardOf({ container, message }: BlockAction): Card | undefined {
  if (container?.is_ephemeral === true) return 'private';
  const ts = container?.message_ts;
  return typeof ts === 'string'
    ? { ts, ...defined({ threadTs: message?.thread_ts as string | undefined }) }
    : undefined;
}

async function inView(body: BlockAction, action: unknown, deps: Deps): Promise<void> {
  const { view } = body;
  const {
    action_id = '',
    block_id = '',
    action_ts,
  } = action as {
    action_id?: string;
    block_id?: string;
    action_ts?: string;
  };
  if (view?.type === 'home') {
    const visitor = { user: body.user.id, team: body.team?.id };
    if (action_id === 'home:checked') return putChecklistAway(visitor.user, visitor.team, deps);
    if (action_id === 'home:category') {
      await drawHome({ ...visitor, category: decodeView(chosen(action)).category, isOpened: true }, deps);
      return;
    }
    if (chosen(action) === 'open') return;
    const home = { team: body.team?.id };
    const press = { trigger_id: body.trigger_id, user: body.user, channel: undefined, response_url: undefined, home };
    if (!(await openFromButton(action_id, chosen(action), press, deps))) {
      deps.services.log.warn({ type: 'block_actions' }, 'a button that this version of Maro does not have');
    }
    return;
  }
  const origin = decodeOrigin(view?.private_metadata);
  if (view === undefined) return;
  // The block_id of a menu that asks for an issue is the action.
  const issueAct = action_id === ISSUE_MENU ? block_id : action_id;
  const isAct = ACTIONS.includes(issueAct);
  if (origin === undefined || !(action_id.startsWith('create:') || action_id === MOVE_STATUS || isAct)) {
    deps.services.log.warn({ type: 'block_actions' }, 'a button that this version of Maro does not have');
    const typed = typedIn((view.state?.values ?? {}) as Values);
    await deps.slack.updateView(view.id, typedView(view.title.text, OTHER_VERSION, typed));
    return;
  }
  const values = await withNames(view.state.values as Values, deps.slack);
  const actionTs = /^\d{1,12}\.\d{1,9}$/.exec(String(action_ts))?.[0] ?? '0';
  const act = { viewId: view.id, hash: view.hash, actionTs };
  if (isAct)
    return chooseAct(act, issueAct, issueAct === action_id ? origin : { ...origin, issue: chosen(action) }, deps);
  if (action_id === MOVE_STATUS) return chooseStatus(act, origin, values, deps);
  await chooseInForm({ ...act, action: action_id, value: chosen(action), origin, values }, deps);
}

function chosen(action: unknown): string {
  const { value, selected_option } = action as { value?: unknown; selected_option?: { value?: unknown } | null };
  return String(value ?? selected_option?.value ?? '');
}
