import type { KnownBlock, ModalView } from '@slack/types';
import { escapeWithin } from './text.ts';

export type { ModalView };

/** Slack: a view's title has 24 characters. https://docs.slack.dev/reference/views/modal-views */
const TITLE = 'Track issues mentioned';
/** Slack: a section's text has 3,000 characters. */
const LONGEST_SECTION = 3_000;

/** What a shortcut opens before it knows anything. */
export function loadingView(): ModalView {
  return view([words('Looking at the message and asking Jira …')]);
}

/** Why there is nothing to show, in a sentence. */
export function failedView(sentence: string): ModalView {
  return view([words(sentence)]);
}

/** What became of what a message mentions: the answers, the names that are no issues, and how many were left out. */
export function resultView(
  answers: readonly KnownBlock[],
  { others, more }: { others: string[]; more: number },
): ModalView {
  return view([
    ...(answers.length === 0 ? [words('No issue that Maro can see is mentioned here.')] : answers),
    ...(others.length === 0 ? [] : [words(`Not tracked, since Jira shows Maro no such issue: ${others.join(', ')}.`)]),
    ...(more === 0 ? [] : [words(`The message mentions ${more.toLocaleString('en')} more; Maro takes the first 100.`)]),
  ]);
}

function view(blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: TITLE },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
  };
}

function words(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: escapeWithin(text, LONGEST_SECTION), verbatim: true } };
}
