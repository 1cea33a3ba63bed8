import type { KnownBlock } from '@slack/types';
import { sentenceOf } from '../function.ts';
import { describedBy } from '../issues/described.ts';
import { setWatching, type Watching, watchingWords } from '../issues/watch.ts';
import { browseUrl } from '../key.ts';
import { button } from '../messages/blocks.ts';
import { ASSIGN, COMMENT, encodeIssueAct, MORE, MOVE, PRIORITY, UNWATCH, WATCH } from '../messages/issue-act.ts';
import { aboutIssue } from '../messages/issue-card.ts';
import { loadingView, type ModalView, sentencesView, sentenceView, words } from '../messages/views.ts';
import { type Deps, unclaimed } from '../services.ts';
import { plainMrkdwn } from '../slack/text.ts';
import { ACT_FORMS, actView } from './acts.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { type FormAction, redraw } from './create/redraw.ts';
import { moveView } from './move.ts';
import { type Opening, openView, showView } from './opening.ts';

const TITLE = 'Issue';
const LOADING = 'Asking Jira…';
const UNSHOWN = 'Slack didn’t show the issue. Nothing was changed. Try again.';
const UNTOLD = 'Slack didn’t show what happened. Check in Jira whether you watch the issue.';
const WATCHINGS: ReadonlyMap<string, Watching> = new Map([
  [WATCH, 'watch'],
  [UNWATCH, 'unwatch'],
]);

/** The actions that `chooseAct` carries out. */
export const ACTIONS: readonly string[] = [MORE, MOVE, ...ACT_FORMS, ...WATCHINGS.keys()];

/** Opens a view with what Jira knows of `origin.issue` now, and with buttons for what people do to it. */
export async function openMore(opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const viewId = await openView(opening, loadingView(TITLE), deps);
  if (viewId === undefined) return;
  await showView(viewId, await moreView(origin, deps), { asker: opening, title: TITLE, sentence: UNSHOWN }, deps);
}

/** Carries out an action on the issue and shows the issue again. If the action needs a form, shows the form. */
export async function chooseAct(act: FormAction, action: string, origin: Origin, deps: Deps): Promise<void> {
  await redraw(act, sentenceView(TITLE, LOADING), deps);
  const view = await viewAfter(action, origin, deps);
  const sentence = WATCHINGS.has(action) ? UNTOLD : UNSHOWN;
  await showView(act.viewId, view, { asker: askerOf(origin), title: TITLE, sentence }, deps);
}

async function viewAfter(action: string, origin: Origin, deps: Deps): Promise<ModalView> {
  if (action === MORE) return moreView(origin, deps);
  if (action === MOVE) return moveView(origin, {}, deps);
  const watching = WATCHINGS.get(action);
  return watching === undefined ? actView(action, origin, {}, deps) : watchedView(watching, origin, deps);
}

async function watchedView(watching: Watching, origin: Origin, deps: Deps): Promise<ModalView> {
  const { issue = '', user, request } = origin;
  const context = unclaimed({ tenant: deps.tenant, door: 'form', operation: request, services: deps.services });
  try {
    const key = await setWatching(watching, issue, user, context);
    return await moreView(origin, deps, typeof key === 'string' ? watchingWords(watching, key) : key.because);
  } catch (error) {
    return sentenceView(TITLE, sentenceOf(error, watching, context));
  }
}

function askerOf({ user, responseUrl }: Origin) {
  return { user, responseUrl, typed: [] };
}

/** A view of the issue. `said`: the outcome of the last action, shown above it. */
async function moreView(origin: Origin, { tenant, services }: Deps, said?: string): Promise<ModalView> {
  const { issue: typed = '', request } = origin;
  const context = unclaimed({ tenant, door: 'form', operation: request, services });
  try {
    const found = await describedBy(typed, context);
    if ('because' in found) return sentenceView(TITLE, said ?? found.because);
    const { described, last } = found;
    const { site, key, summary, type, status, assignee = 'Unassigned', priority } = described.issue;
    const facts = [type, status, assignee, priority].filter((fact) => fact !== undefined);
    const text = `*<${browseUrl(site, key)}|${key}>* ${plainMrkdwn(summary)}\n${plainMrkdwn(facts.join(' · '))}`;
    const act = (action: string, label: string) => button(action, label, encodeIssueAct({ action, key }));
    const blocks: KnownBlock[] = [
      ...(said === undefined ? [] : [words(said)]),
      { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } },
      ...aboutIssue(described, last),
      {
        type: 'actions',
        elements: [
          ...[act(MOVE, 'Move to…'), act(ASSIGN, 'Assign…'), act(COMMENT, 'Comment…'), act(PRIORITY, 'Priority…')],
          ...[act(WATCH, 'Watch'), act(UNWATCH, 'Unwatch')],
        ],
      },
    ];
    return { ...sentencesView(TITLE, [], blocks), private_metadata: encodeOrigin({ ...origin, issue: key }) };
  } catch (error) {
    return sentenceView(TITLE, said ?? sentenceOf(error, 'get_issue', context));
  }
}
