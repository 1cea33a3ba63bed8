import { browseUrl } from '../key.ts';
import type { Move } from '../move.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { LONGEST_SUMMARY } from './blocks.ts';
import { sentence } from './changes.ts';

/** The reply that tells that an issue has a status of another category. */
export function moveMessage({ issue, from, to, author }: Move): Message {
  const { key, site, summary } = issue;
  const said = sentence({ what: 'status', author, from: from || undefined, to });
  const words = `${truncate(summary, LONGEST_SUMMARY)} · ${said}`;
  return {
    text: escapeText(`${key} ${words}`),
    blocks: [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'link', url: browseUrl(site, key), text: key },
              { type: 'text', text: ` ${words}` },
            ],
          },
        ],
      },
    ],
  };
}
