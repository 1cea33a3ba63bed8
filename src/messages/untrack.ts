import type { ShownIssues } from '../issues/visible.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, plainMrkdwn } from '../slack/text.ts';
import { button, withNonce } from './blocks.ts';
import { matchWords } from './filter.ts';
import { countOf, encodeView, headingFor, issuesOf, type ListView, number, partOf } from './list.ts';

/** Asks whether to untrack all issues of a part of the list, and says how many there are. */
export function untrackManyMessage(
  tracked: Pick<ShownIssues, 'counts' | 'filtered'>,
  { category, filter }: Pick<ListView, 'category' | 'filter'>,
): Message {
  const { counts, filtered } = tracked;
  const total = countOf(counts, category);
  if (total === 0) return { text: escapeText(`${headingFor(tracked, category, total)}.`) };
  const all = category === undefined && total > 1 ? 'all ' : '';
  const issues =
    filtered === undefined
      ? `${all}${issuesOf(counts, category)}`
      : plainMrkdwn(matchWords(filtered, partOf(category), total));
  const question = `Untrack ${issues} in this channel? You can undo this.`;
  const label = `Untrack ${total === 1 ? '1 issue' : `${number(total)} issues`}`;
  return {
    text: question,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: question, verbatim: true } },
      {
        type: 'actions',
        elements: [
          button('untrack:all', label, withNonce(encodeView({ category, offset: 0, filter })), { style: 'danger' }),
          button('untrack:keep', 'Cancel', 'keep', { accessibility_label: 'Cancel, and keep tracking the issues' }),
        ],
      },
    ],
  };
}
