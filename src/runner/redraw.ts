import { listShown } from '../issues/visible.ts';
import { errorName } from '../log.ts';
import { type Doing, doingOf } from '../messages/doing.ts';
import { decodeView, listMessage, PAGE } from '../messages/list.ts';
import type { Notice } from '../messages/notice.ts';
import type { Services } from '../services.ts';
import type { Message } from '../slack/message.ts';
import { drawHome } from './draw-home.ts';
import { markPosted, redrawPosted, redrawPrivate } from './redraw-card.ts';
import type { WorkflowRequest } from './request.ts';

type RedrawDeps = { tenant: string; services: Services };

/**
 * The most submissions of a form that are shown in the list. Each uses one answer to the response_url, and a second one if Jira
 * refuses. The fifth answer is left for the outcome, because Slack takes five.
 * https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
 */
export const MOST_MARKS = 2;

/**
 * Whether the message from which a request came was redrawn. `told`: with the notice. `shown`: without the notice. `no`: the request
 * came from elsewhere, or Slack does not change the message. `later`: Slack did not answer, so the caller must try again later.
 */
export type Redrawn = 'told' | 'shown' | 'no' | 'later';

/** Redraws the list, the card, or the Home tab from which a request came. `isDone`: the notice reports a success. */
export async function redraw(
  asked: WorkflowRequest,
  { notice, isDone }: { notice: Notice; isDone: boolean },
  deps: RedrawDeps,
): Promise<Redrawn> {
  const { card, home, responseUrl, inputs } = asked;
  if (home !== undefined) {
    const { category } = decodeView(home.view);
    const visitor = { user: String(inputs.user_id), team: home.team, category, isOpened: true, notice };
    return isDone && (await drawHome(visitor, deps)) ? 'told' : 'no';
  }
  const [key] = doingOf(asked.workflow, inputs)?.keys ?? [];
  const { channel_id: channel } = inputs;
  if (card !== undefined && key !== undefined && typeof channel === 'string') {
    if (card !== 'private') return redrawPosted({ channel, card }, { key, isDone }, deps);
    if (!isDone || responseUrl === undefined) return 'no';
    return (await redrawPrivate({ key, channel, responseUrl }, notice, deps)) ? 'told' : 'no';
  }
  const message = await drawnList(asked, { notice }, deps);
  if (message === undefined || responseUrl === undefined) return 'no';
  const isShown = await deps.services.slack.respond(responseUrl, { replace_original: true, ...message });
  return isShown ? 'told' : 'no';
}

/**
 * Shows what Maro is doing in the list or on the posted card from which a request came, unless `over` settles first. A list is
 * sent only once, without a retry, because a response_url takes few answers.
 * @returns whether the message may show it now, and so must be redrawn when the request ends.
 */
export async function mark(asked: WorkflowRequest, over: Promise<unknown>, deps: RedrawDeps): Promise<boolean> {
  const { card, responseUrl, inputs } = asked;
  const doing = doingOf(asked.workflow, inputs);
  if (doing === undefined) return false;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  over.then(end, end);
  const { channel_id: channel } = inputs;
  if (card !== undefined && card !== 'private' && typeof channel === 'string') {
    return markPosted({ channel, card }, doing, () => isOver, deps);
  }
  const message = await drawnList(asked, { doing }, deps);
  if (isOver || message === undefined || responseUrl === undefined) return false;
  await deps.services.slack.respond(responseUrl, { replace_original: true, ...message }, { once: true });
  return true;
}

async function drawnList(
  { list, responseUrl, inputs }: WorkflowRequest,
  { notice, doing }: { notice?: Notice; doing?: Doing },
  { tenant, services }: RedrawDeps,
): Promise<Message | undefined> {
  const channel = inputs.channel_id;
  if (list === undefined || responseUrl === undefined || typeof channel !== 'string') return undefined;
  const view = decodeView(list);
  try {
    const tracked = await listShown({ tenant, channel, ...view, limit: PAGE }, services);
    return listMessage(tracked, view, notice, doing);
  } catch (error) {
    services.log.warn({ error: errorName(error) }, 'a list could not be redrawn');
    return undefined;
  }
}
