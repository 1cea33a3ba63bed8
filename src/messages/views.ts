import type { KnownBlock, ModalView } from '@slack/types';
import { escapeWithin } from '../slack/text.ts';

export type { ModalView };

/** Slack: a view's title has 24 characters. https://docs.slack.dev/reference/views/modal-views */
export const TRACK_TITLE = 'Track issues mentioned';
/** Slack: a section's text has 3,000 characters. */
const LONGEST_SECTION = 3_000;

/** What a shortcut opens before it knows anything. */
export function loadingView(title: string): ModalView {
  return view(title, [words('Asking Jira …')]);
}

/** How things stand, in a sentence. */
export function sentenceView(title: string, sentence: string): ModalView {
  return view(title, [words(sentence)]);
}

/** What became of what a message mentions: the answers, the names that are no issues, and how many were left out. */
export function resultView(
  answers: readonly KnownBlock[],
  { others, more }: { others: string[]; more: number },
): ModalView {
  return view(TRACK_TITLE, [
    ...(answers.length === 0 ? [words('No issue that Maro can see is mentioned here.')] : answers),
    ...(others.length === 0 ? [] : [words(`Not tracked, since Jira shows Maro no such issue: ${others.join(', ')}.`)]),
    ...(more === 0 ? [] : [words(`The message mentions ${more.toLocaleString('en')} more; Maro takes the first 100.`)]),
  ]);
}

/** A form. `metadata` comes back with what is typed; `callback` says who takes it. */
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

/** A paragraph in a view; its markup is ours, so whatever is not has to be escaped. */
export function words(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: escapeWithin(text, LONGEST_SECTION), verbatim: true } };
}
