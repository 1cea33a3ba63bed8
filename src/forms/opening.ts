import { type TypedText, typedMessages, typedView } from '../messages/typed.ts';
import type { ModalView } from '../messages/views.ts';
import type { Deps } from '../services.ts';

/** A person who waits for a view, and what the person has typed so far. */
export type Asker = {
  user: string;
  /** Takes messages for the person if no view can be shown. Global shortcuts have none. */
  responseUrl: string | undefined;
  typed: readonly TypedText[];
};

/** What opens a view: the trigger_id, and the person. */
export type Opening = Asker & { triggerId: string };

/** For a form that Slack refused after Maro had opened the loading view. */
export const UNSHOWN = 'Slack didn’t show the form, so nothing was created. Try again.';
const UNOPENED = 'Slack didn’t open the form in time, so nothing was done. Try again.';
/** Slack takes five answers to a response_url. https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses */
const MOST_ANSWERS = 5;

/**
 * Opens a view. If Slack does not open it, tells the person `sentence` and gives back what the person typed.
 * @returns the view's id; undefined if the view did not open.
 */
export async function openView(
  opening: Opening,
  view: ModalView,
  { slack }: Deps,
  sentence = UNOPENED,
): Promise<string | undefined> {
  const viewId = await slack.openView(opening.triggerId, view);
  if (viewId === undefined) await tellPrivately(opening, sentence, slack);
  return viewId;
}

/**
 * Replaces an open view. If Slack refuses the view, shows the person `sentence` and what the person typed in a plain view or,
 * if Slack refuses that too, in messages, so that the last thing that the person sees is never the loading view.
 */
export async function showView(
  viewId: string,
  view: ModalView,
  { asker, title, sentence }: { asker: Asker; title: string; sentence: string },
  { slack }: Deps,
): Promise<void> {
  if ((await slack.updateView(viewId, view)) !== 'refused') return;
  if ((await slack.updateView(viewId, typedView(title, sentence, asker.typed))) !== 'refused') return;
  await tellPrivately(asker, sentence, slack);
}

/** Sends the sentence and what was typed, one message after another, to the response_url and otherwise as direct messages. */
async function tellPrivately(
  { responseUrl, user, typed }: Asker,
  sentence: string,
  slack: Deps['slack'],
): Promise<void> {
  let answersLeft = responseUrl === undefined ? 0 : MOST_ANSWERS;
  for (const message of typedMessages(sentence, typed)) {
    const answer = { response_type: 'ephemeral' as const, replace_original: false, ...message };
    if (answersLeft > 0 && responseUrl !== undefined && (await slack.respond(responseUrl, answer))) {
      answersLeft -= 1;
      continue;
    }
    answersLeft = 0;
    try {
      await slack.postMessage({ channel: user }, message);
    } catch {
      // If Slack takes neither, there is no other way to reach the person. The refusal is logged.
      return;
    }
  }
}
