import { randomUUID } from 'node:crypto';
import { openCreateForm } from '../forms/create/open.ts';
import type { Origin } from '../forms/create/origin.ts';
import { openMore } from '../forms/more.ts';
import { openMoveForm } from '../forms/move.ts';
import { type Opening, openView } from '../forms/opening.ts';
import { openSeveral } from '../forms/several.ts';
import { trackView } from '../forms/track.ts';
import { type IssueAct, MORE, MOVE, parseIssueAct } from '../messages/issue-act.ts';
import { SEVERAL } from '../messages/list.ts';
import type { Card } from '../runner/request.ts';
import type { Deps } from '../services.ts';
import { COMMAND_NAME } from './answer-command.ts';
import { helpView } from './commands/help.ts';

type Open = (opening: Opening, origin: Origin, deps: Deps) => Promise<unknown>;

/** What each button that opens a view opens, by action_id. */
export const viewButtons: Readonly<Record<string, Open>> = {
  'open:track': (opening, origin, deps) => openView(opening, trackView(origin), deps),
  'list:track': (opening, origin, deps) => openView(opening, trackView({ ...origin, isFromList: true }), deps),
  'open:create': (opening, origin, deps) => openCreateForm(opening, origin, async () => ({}), deps),
  [MOVE]: openMoveForm,
  [MORE]: openMore,
  [SEVERAL]: openSeveral,
  'open:help': (opening, _, deps) => openView(opening, helpView(COMMAND_NAME), deps),
};

/** A press of a button. Undefined: the channel of a button in a Home tab, which has no response_url either. */
type Press = {
  trigger_id: string;
  user: { id: string };
  channel: string | undefined;
  response_url: string | undefined;
  /** The message that holds the button, as a card. */
  card?: Card | undefined;
  /** The person's workspace, if the button is in a Home tab. */
  home?: { team: string | undefined } | undefined;
};

/**
 * Opens the view that the button or the menu's entry stands for. The value of an entry about an issue begins with the action.
 * @returns false if no such button opens a view.
 */
export async function openFromButton(action_id: string, value: string, press: Press, deps: Deps): Promise<boolean> {
  const entry = parseIssueAct(value);
  const action = entry?.action ?? action_id;
  const open = Object.hasOwn(viewButtons, action) ? viewButtons[action] : undefined;
  if (open === undefined) return false;
  const about = entry === undefined ? { list: action === SEVERAL ? value : undefined } : originOf(entry, press);
  const user = press.user.id;
  const opening = { triggerId: press.trigger_id, user, responseUrl: press.response_url, typed: [] };
  await open(
    opening,
    { request: randomUUID(), user, channel: press.channel, responseUrl: press.response_url, ...about },
    deps,
  );
  return true;
}

/** The issue, with the list, Home tab, or card that will show the outcome. */
function originOf({ key: issue, list }: IssueAct, { home, card }: Press): Partial<Origin> {
  if (home !== undefined) return { issue, home: { ...home, view: list ?? '' } };
  return { issue, list, card: list === undefined ? card : undefined };
}
