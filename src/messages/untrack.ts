import type { StatusCategory } from '../issue.ts';
import type { Message } from '../slack/message.ts';
import type { TrackedIssues } from '../tracker/list.ts';
import { button, withNonce } from './blocks.ts';
import { countOf, encodeView, issuesOf, nothingIn, number } from './list.ts';

/** Asks whether to untrack all issues of a category, and says how many there are. */
export function untrackManyMessage(counts: TrackedIssues['counts'], category: StatusCategory | undefined): Message {
  const total = countOf(counts, category);
  if (total === 0) return { text: `${nothingIn(category)}.` };
  const all = category === undefined && total > 1 ? 'all ' : '';
  const question = `Untrack ${all}${issuesOf(counts, category)} in this channel? You can undo this.`;
  const label = `Untrack ${total === 1 ? '1 issue' : `${number(total)} issues`}`;
  return {
    text: question,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: question } },
      {
        type: 'actions',
        elements: [
          button('untrack:all', label, withNonce(encodeView({ category, offset: 0 })), { style: 'danger' }),
          button('untrack:keep', 'Cancel', 'keep', { accessibility_label: 'Cancel, and keep tracking the issues' }),
        ],
      },
    ],
  };
}
