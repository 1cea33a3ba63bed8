import { defined } from '../../defined.ts';
import { parseKeys } from '../../key.ts';
import { type ModalView, sentenceView } from '../../messages/views.ts';
import type { Deps } from '../../services.ts';
import { channelLink } from '../../slack/permalink.ts';
import { LINK_TITLE } from '../link.ts';
import { showView } from '../opening.ts';
import { DONE, SUBMIT_WITHIN_MS, submitRequest } from '../submission.ts';
import { formView } from './form.ts';
import { chosenIn } from './given.ts';
import { loadForm } from './load.ts';
import type { Origin } from './origin.ts';
import { type FormAction, note, redraw } from './redraw.ts';
import { stateOf, typedIn, type Values } from './values.ts';

/** An action in the form, and the form's values after the action. */
export type Choice = FormAction & { action: string; value: string; origin: Origin; values: Values };

/** Handles an action in the form: redraws the form for another project or type or with its details, or links to a duplicate instead. */
export async function chooseInForm(choice: Choice, deps: Deps): Promise<void> {
  const { action, values } = choice;
  if (action === 'create:link') return linkInstead(choice, deps);
  const origin = action === 'create:details' ? { ...choice.origin, details: true } : choice.origin;
  // Records the action before Jira answers, so that the answer to an older action is no longer shown.
  const [form] = await Promise.all([
    loadForm(chosenIn(values), origin, values, deps.services.jira),
    note(choice, deps),
  ]);
  await redraw(choice, formView(form), deps);
}

async function linkInstead(choice: Choice, deps: Deps): Promise<void> {
  const { value: key, viewId, origin, values } = choice;
  const channel = origin.channel ?? stateOf(values, 'channel').selected_conversation ?? undefined;
  if (channel === undefined) {
    const sentence = 'Choose a channel first. The issue is linked to it and tracked there.';
    await redraw(
      choice,
      formView(await loadForm(chosenIn(values), origin, values, deps.services.jira, { sentence })),
      deps,
    );
    return;
  }
  const inputs = {
    issue_key: key,
    message_link: origin.messageLink ?? channelLink(deps.slack.workspaceUrl(), channel),
    channel_id: channel,
    user_id: origin.user,
    ...defined({ thread_ts: origin.threadTs }),
  };
  await redraw(choice, sentenceView(LINK_TITLE, `Linking to ${key}…`), deps);
  await submitRequest(
    {
      id: `${origin.request} link ${key}`,
      workflow: 'link_and_track',
      inputs,
      door: 'form',
      responseUrl: origin.responseUrl,
    },
    {
      viewId,
      title: LINK_TITLE,
      submit: 'Link to this instead',
      until: Date.now() + SUBMIT_WITHIN_MS,
      respond: async (response) => {
        const view = 'view' in response ? response.view : sentenceView(LINK_TITLE, DONE);
        if ((await note(choice, deps)) === false) return;
        const asker = { user: origin.user, responseUrl: undefined, typed: typedIn(values) };
        const sentence = `Slack didn’t show whether ${key} was linked. Check the channel.`;
        await showView(viewId, view, { asker, title: LINK_TITLE, sentence }, deps);
      },
      again: (sentence) => formWith(key, sentence, choice, deps),
      errorsOf: () => ({}),
    },
    deps,
  );
}

/** Returns the form with the duplicate in it, so that the person can try the link again. */
async function formWith(
  key: string,
  sentence: string,
  choice: Choice,
  { services: { jira } }: Deps,
): Promise<ModalView> {
  const { origin, values } = choice;
  const parsed = parseKeys(key)[0]?.key;
  const reading = parsed === undefined ? undefined : (await jira.read([parsed])).get(parsed);
  const duplicates = reading?.state === 'shown' ? [reading.issue] : [];
  // Without the duplicate, the form offers only Create. With `searched` cleared, Create looks for duplicates again.
  const from = duplicates.length > 0 ? origin : { ...origin, searched: undefined };
  return formView(await loadForm(chosenIn(values), from, values, jira, { sentence, duplicates }));
}
