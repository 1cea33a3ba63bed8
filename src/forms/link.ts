import { defined } from '../defined.ts';
import { inputView, type ModalView, words } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { issueMenu } from './issue-menu.ts';
import { type Submitted, submitRequest } from './submission.ts';

export const LINK_FORM = 'link_ticket';
export const LINK_TITLE = 'Link to Jira issue';

/** The form that asks for the issue to link. It needs no data from Jira, so Maro opens it complete. */
export function linkView(origin: Origin, typed = '', sentence?: string): ModalView {
  return inputView({ callback: LINK_FORM, title: LINK_TITLE, submit: 'Link', metadata: encodeOrigin(origin) }, [
    ...(sentence === undefined ? [] : [words(sentence)]),
    { type: 'input', block_id: 'issue', label: { type: 'plain_text', text: 'Issue' }, element: issueMenu(typed) },
  ]);
}

/** Handles the link form: links the issue to the message and tracks it in the channel. */
export async function submitLink(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const { selected_option, value } = stateOf(values, 'issue');
  // An older version of the form, which may still be open, has a text.
  const typed = selected_option?.value ?? value ?? '';
  const { request, channel = '', user, messageLink = '', threadTs } = origin;
  const inputs = {
    issue_key: typed.trim(),
    message_link: messageLink,
    channel_id: channel,
    user_id: user,
    ...defined({ thread_ts: threadTs }),
  };
  const again = async (sentence: string) => linkView(origin, typed, sentence);
  const form = { ...submitted, title: LINK_TITLE, submit: 'Link', again, errorsOf: () => ({}) };
  await submitRequest(
    { id: request, workflow: 'link_and_track', inputs, door: 'form', responseUrl: origin.responseUrl },
    form,
    deps,
  );
}
