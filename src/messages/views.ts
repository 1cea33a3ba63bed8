import type { KnownBlock, ModalView } from '@slack/types';
import { escapeWithin } from '../slack/text.ts';

export type { ModalView };

/**
 * The title of the view for issues that a message mentions. Slack allows 24 characters.
 * https://docs.slack.dev/reference/views/modal-views
 */
export const TRACK_TITLE = 'Track issues mentioned';
/** Slack allows 3,000 characters in the text of a section. */
const LONGEST_SECTION = 3_000;

/** The view that is shown while Maro waits for Jira. */
export function loadingView(title: string): ModalView {
  return view(title, [words('Asking Jira…')]);
}

/** A view that holds one sentence. */
export function sentenceView(title: string, sentence: string): ModalView {
  return sentencesView(title, [sentence]);
}

/** A view that holds sentences, a paragraph for each, and below them `blocks`. */
export function sentencesView(title: string, sentences: readonly string[], blocks: KnownBlock[] = []): ModalView {
  return view(title, [...sentences.map(words), ...blocks]);
}

/** The outcome of tracking a message's issues: the answers, the names that are not issues, and how many were left out. */
export function resultView(
  answers: readonly KnownBlock[],
  { others, more }: { others: string[]; more: number },
): ModalView {
  return view(TRACK_TITLE, [
    ...(answers.length === 0 ? [words('This message mentions no issues that Maro can see.')] : answers),
    ...(others.length === 0 ? [] : [words(`Not tracked, because Maro can’t find them in Jira: ${others.join(', ')}.`)]),
    ...(more === 0
      ? []
      : [words(`The message mentions ${more.toLocaleString('en')} more. Maro tracked the first 100.`)]),
  ]);
}

/** A form. `metadata` comes back when the form is submitted, and `callback` selects the function that handles it. */
export function inputView(
  { callback, title, submit, metadata }: { callback: string; title: string; submit: string; metadata: string },
  blocks: KnownBlock[],
): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    title: { type: 'plain_text', text: title },
    submit: { type: 'plain_text', text: submit },
    close: { type: 'plain_text', text: 'Cancel' },
    private_metadata: metadata,
    blocks,
  };
}

function view(title: string, blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
  };
}

/** A paragraph for a view or a message. The text is escaped and cut to 3,000 characters. */
export function words(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: escapeWithin(text, LONGEST_SECTION), verbatim: true } };
}
