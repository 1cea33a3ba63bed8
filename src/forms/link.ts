import { defined } from '../defined.ts';
import { parseKeys } from '../key.ts';
import { inputView, type ModalView, words } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { type Submitted, submitRequest } from './submission.ts';

export const LINK_FORM = 'link_ticket';
export const LINK_TITLE = 'Link to Jira ticket';

/** The form that asks for the issue to link. It needs no data from Jira, so Maro opens it complete. */
export function linkView(origin: Origin, typed = '', sentence?: string): ModalView {
  const element = {
    type: 'plain_text_input' as const,
    action_id: 'issue',
    placeholder: { type: 'plain_text' as const, text: 'PLAT-12, or a link to the issue' },
    ...(typed === '' ? {} : { initial_value: typed }),
  };
  return inputView({ callback: LINK_FORM, title: LINK_TITLE, submit: 'Link', metadata: encodeOrigin(origin) }, [
    ...(sentence === undefined ? [] : [words(sentence)]),
    { type: 'input', block_id: 'issue', label: { type: 'plain_text', text: 'Issue' }, element },
  ]);
}

/** Handles the link form: links the issue to the message and tracks it in the channel. */
export async function submitLink(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const typed = stateOf(values, 'issue').value ?? '';
  const keys = parseKeys(typed);
  if (keys.length !== 1 || keys[0]?.key === undefined) {
    const what =
      keys.length > 1
        ? 'Link one issue at a time.'
        : 'That is not an issue key. Type a key such as PLAT-12, or paste a link to the issue.';
    return submitted.respond({ response_action: 'errors', errors: { issue: what } });
  }
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
