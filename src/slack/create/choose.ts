import { randomUUID } from 'node:crypto';
import { LINK_TITLE } from '../link.ts';
import { channelLink } from '../permalink.ts';
import { type Deps, submitRequest } from '../submission.ts';
import { sentenceView } from '../views.ts';
import { formFor } from './draw.ts';
import { formView } from './form.ts';
import { chosenIn } from './given.ts';
import type { Origin } from './origin.ts';
import { pickIn, type Values } from './values.ts';

/** What somebody did in the form, and all that it holds since. */
export type Choice = { action: string; value: string; viewId: string; origin: Origin; values: Values };

/** Draws the form anew for another project or type; or links to a duplicate instead. */
export async function chooseInForm({ action, value, viewId, origin, values }: Choice, deps: Deps): Promise<void> {
  if (action === 'create:link') return linkInstead(value, viewId, { origin, values }, deps);
  await deps.slack.updateView(viewId, formView(await formFor(chosenIn(values), origin, values, deps.services.jira)));
}

async function linkInstead(
  key: string,
  viewId: string,
  { origin, values }: Pick<Choice, 'origin' | 'values'>,
  deps: Deps,
): Promise<void> {
  const channel = origin.channel ?? pickIn(values, 'channel').selected_conversation ?? undefined;
  if (channel === undefined) {
    const sentence = 'Choose a channel first: the issue is linked to it and tracked there.';
    await deps.slack.updateView(
      viewId,
      formView(await formFor(chosenIn(values), origin, values, deps.services.jira, { sentence })),
    );
    return;
  }
  const inputs = {
    issue_key: key,
    message_link: origin.messageLink ?? channelLink(deps.slack.workspaceUrl(), channel),
    channel_id: channel,
    user_id: origin.user,
    ...(origin.threadTs === undefined ? {} : { thread_ts: origin.threadTs }),
  };
  await deps.slack.updateView(viewId, sentenceView(LINK_TITLE, `Linking to ${key} …`));
  await submitRequest(
    { request: randomUUID(), workflow: 'link_and_track', inputs, door: 'shortcut' },
    {
      viewId,
      title: LINK_TITLE,
      until: Date.now(),
      answer: async (answer) => {
        if ('view' in answer) await deps.slack.updateView(viewId, answer.view);
      },
      again: async (sentence) =>
        formView(await formFor(chosenIn(values), origin, values, deps.services.jira, { sentence })),
      errorsOf: () => ({}),
    },
    deps,
  );
}
