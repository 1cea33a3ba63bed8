import { randomUUID } from 'node:crypto';
import { openCreateForm } from '../forms/create/open.ts';
import type { Origin } from '../forms/create/origin.ts';
import { type Opening, openView } from '../forms/opening.ts';
import { trackView } from '../forms/track.ts';
import type { Deps } from '../services.ts';
import { COMMAND_NAME, helpView } from './answer-command.ts';

type Open = (opening: Opening, origin: Origin, deps: Deps) => Promise<unknown>;

/** What each button that opens a view opens, by action_id. */
const buttons: Readonly<Record<string, Open>> = {
  'open:track': (opening, origin, deps) => openView(opening, trackView(origin), deps),
  'open:create': (opening, origin, deps) => openCreateForm(opening, origin, async () => ({}), deps),
  'open:help': (opening, _, deps) => openView(opening, helpView(COMMAND_NAME), deps),
};

/** A press of a button. Undefined: the channel of a button in a Home tab, which has no response_url either. */
type Press = {
  trigger_id: string;
  user: { id: string };
  channel: string | undefined;
  response_url: string | undefined;
};

/** Opens the view that the button stands for. @returns false if no such button opens a view. */
export async function openFromButton(action_id: string, press: Press, deps: Deps): Promise<boolean> {
  const open = Object.hasOwn(buttons, action_id) ? buttons[action_id] : undefined;
  if (open === undefined) return false;
  const user = press.user.id;
  const opening = { triggerId: press.trigger_id, user, responseUrl: press.response_url, typed: [] };
  await open(opening, { request: randomUUID(), user, channel: press.channel, responseUrl: press.response_url }, deps);
  return true;
}
