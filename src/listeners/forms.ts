import type { App, ViewSubmitAction } from '@slack/bolt';
import { ACT_FORMS, submitAct } from '../forms/acts.ts';
import { CREATE_FORM, CREATE_TITLE } from '../forms/create/form.ts';
import { MENUS, optionsFor } from '../forms/create/options.ts';
import { decodeOrigin, type Origin } from '../forms/create/origin.ts';
import { foreignForm, submitCreate } from '../forms/create/submit.ts';
import { MESSAGES_MENU, messageOptions } from '../forms/create/thread.ts';
import { typedIn, type Values, withNames } from '../forms/create/values.ts';
import { ISSUE_MENU, issueOptions } from '../forms/issue-menu.ts';
import { LINK_FORM, submitLink } from '../forms/link.ts';
import { MOVE_FORM, submitMove } from '../forms/move.ts';
import { NOTIFY_FORM, submitNotify } from '../forms/notify.ts';
import {
  SEVERAL_FORM,
  SEVERAL_MENU,
  severalOptions,
  submitSeveral,
  submitValue,
  VALUE_FORM,
} from '../forms/several.ts';
import { STORIES_FORM, submitStories } from '../forms/stories.ts';
import { type FormResponse, SUBMIT_WITHIN_MS, type Submitted, update } from '../forms/submission.ts';
import { submitTrack, TRACK_FORM } from '../forms/track.ts';
import { sentenceOf } from '../function.ts';
import { errorName } from '../log.ts';
import { PICK_MENU } from '../messages/pick.ts';
import { typedView } from '../messages/typed.ts';
import { type Deps, unclaimed } from '../services.ts';
import { within } from '../within.ts';
import { OTHER_VERSION } from './other-version.ts';
import { pickOptions } from './pick-options.ts';

/** Marks earlier actions in a view as outdated, so that nothing that they still cause replaces the response to the submission. */
async function supersedeActions(viewId: string, { tenant, services }: Deps): Promise<void> {
  const forgotten = services.tracker.supersedeActions({ tenant, view: viewId }).catch(() => {});
  await within(FORGET_WITHIN_MS, forgotten);
}

type Submit = (origin: Origin, values: Values, submitted: Submitted, deps: Deps) => Promise<void>;

/** The function that handles the submission of each form, by callback_id. */
export const forms: Readonly<Record<string, Submit>> = {
  [CREATE_FORM]: submitCreate,
  [LINK_FORM]: submitLink,
  [STORIES_FORM]: submitStories,
  [TRACK_FORM]: submitTrack,
  [NOTIFY_FORM]: submitNotify,
  [MOVE_FORM]: submitMove,
  [SEVERAL_FORM]: submitSeveral,
  [VALUE_FORM]: submitValue,
  ...Object.fromEntries(
    ACT_FORMS.map((callback): [string, Submit] => [callback, (...submission) => submitAct(callback, ...submission)]),
  ),
};

/** The longest that a slow database may delay the response to a form. */
const FORGET_WITHIN_MS = 300;
/** Slack requires options within three seconds and shows an error when they are late. */
const OPTIONS_WITHIN_MS = 2_500;

/** https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload */
type Suggestion = { action_id: string; block_id: string; value?: string; view?: { private_metadata?: string } };

/**
 * Registers the only listeners for submitted forms, closed forms, and searchable menus. A
 * form or menu that this version does not have comes from an older version or another
 * manifest. It gets a response too, since Slack shows the person an error when there is none.
 */
export function registerForms(app: App, deps: Deps): void {
  const { services } = deps;
  app.view(/.*/, async ({ ack, body }) => {
    const until = Date.now() + SUBMIT_WITHIN_MS;
    const { view, user } = body as ViewSubmitAction;
    const submit = Object.hasOwn(forms, view.callback_id) ? forms[view.callback_id] : undefined;
    const origin = decodeOrigin(view.private_metadata);
    if (submit === undefined || origin === undefined) {
      services.log.warn({ type: body.type }, 'a view that this version of Maro does not have');
      // A form that closes without a message looks as if it had succeeded.
      return ack(update(typedView(CREATE_TITLE, OTHER_VERSION, typedIn((view.state?.values ?? {}) as Values))));
    }
    if (origin.user !== user.id) return ack(update(foreignForm()));
    const respond = async (response: FormResponse) => {
      if (response.response_action === 'update') await supersedeActions(view.id, deps);
      await ack(response);
    };
    try {
      const values = await withNames(view.state.values as Values, deps.slack);
      await submit(origin, values, { viewId: view.id, until, respond }, deps);
    } catch (error) {
      const context = unclaimed({ tenant: deps.tenant, door: 'form', operation: origin.request, services });
      const sentence = sentenceOf(error, view.callback_id, context);
      await respond(update(typedView(view.title.text, sentence, typedIn(view.state.values as Values))));
    }
  });
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack, body }) => {
    const { action_id, block_id, value = '', view } = body as Suggestion;
    const origin = decodeOrigin(view?.private_metadata);
    if (action_id === MESSAGES_MENU && origin !== undefined) {
      return ack({ options: await messageOptions(origin, value, deps.slack) });
    }
    if (action_id === ISSUE_MENU && origin !== undefined) {
      const { tenant } = deps;
      return ack({ options: await issueOptions({ tenant, channel: origin.channel }, value, services) });
    }
    if (action_id === PICK_MENU || (action_id === SEVERAL_MENU && origin !== undefined)) {
      const asked =
        origin === undefined
          ? pickOptions(block_id, value, deps)
          : severalOptions({ tenant: deps.tenant, channel: origin.channel }, value, services);
      const options = asked.catch((error: unknown) => {
        services.log.warn({ error: errorName(error) }, 'options could not be read');
        return [];
      });
      return ack({ options: (await within(OPTIONS_WITHIN_MS, options)) ?? [] });
    }
    if (!MENUS.includes(action_id)) {
      services.log.warn({ type: body.type }, 'options that this version of Maro does not have');
      return ack({ options: [] });
    }
    const asked = optionsFor(action_id, value, block_id, services);
    await ack({ options: (await within(OPTIONS_WITHIN_MS, asked)) ?? [] });
  });
}
