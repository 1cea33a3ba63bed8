import type { ModalView } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import { escapeText } from '../slack/text.ts';

/** What opens a view: the trigger_id, the person, and what the person has typed so far. */
export type Opening = {
  triggerId: string;
  user: string;
  /** Takes a message for the person if the view does not open. Global shortcuts have none. */
  responseUrl: string | undefined;
  typed: string;
};

/** For a form that Slack refused after Maro had opened the loading view. */
export const UNSHOWN = 'Slack did not show the form, so nothing was created. Try again.';
const UNOPENED = 'Slack did not open the form in time, so nothing was done. Try again.';

/**
 * Opens a view. If Slack does not open it, tells the person so and gives back what the person typed.
 * @returns the view's id; undefined if the view did not open.
 */
export async function openView(opening: Opening, view: ModalView, { slack }: Deps): Promise<string | undefined> {
  const viewId = await slack.openView(opening.triggerId, view);
  if (viewId === undefined) await tellPrivately(opening, UNOPENED, slack);
  return viewId;
}

/**
 * Replaces an open view. If Slack refuses the view, tells the person `sentence` in a plain view or, if Slack refuses
 * that too, in a message, so that the last thing that the person sees is never the loading view.
 */
export async function showView(
  viewId: string,
  view: ModalView,
  { opening, plain, sentence }: { opening: Opening; plain(sentence: string): ModalView; sentence: string },
  { slack }: Deps,
): Promise<void> {
  if ((await slack.updateView(viewId, view)) !== 'refused') return;
  if ((await slack.updateView(viewId, plain(withTyped(opening, sentence)))) !== 'refused') return;
  await tellPrivately(opening, sentence, slack);
}

/** The sentence, and after it what the person typed, if anything. */
export function withTyped({ typed }: Opening, sentence: string): string {
  return typed === '' ? sentence : `${sentence} You had typed: ${typed}`;
}

async function tellPrivately(opening: Opening, sentence: string, slack: Deps['slack']): Promise<void> {
  const { responseUrl, user } = opening;
  const text = escapeText(withTyped(opening, sentence));
  const told =
    responseUrl !== undefined &&
    (await slack.respond(responseUrl, { response_type: 'ephemeral', replace_original: false, text }));
  // If Slack takes neither, there is no other way to reach the person.
  if (!told) await slack.postMessage({ channel: user }, { text }).catch(() => {});
}
