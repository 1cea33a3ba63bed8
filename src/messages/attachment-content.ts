import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { blockPieces, boldLine, type Piece, plainWords } from './block-content.ts';
import { fileParts } from './file-content.ts';
import { mrkdwnElements, mrkdwnParts } from './mrkdwn.ts';
import { fieldsOf, itemsOf } from './rich-text.ts';

type Fields = Record<string, unknown>;

/**
 * The words of a message's attachments, in the order in which Slack shows them: those that an app posted, and the
 * previews of links and of shared messages. `fallback` counts only if an attachment has no other words.
 * https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
 */
export function* attachmentPieces(attachments: unknown): Generator<Piece> {
  for (const item of itemsOf(attachments)) {
    const attachment = fieldsOf(item);
    // A preview's title says what a link leads to, so it is no title of the message.
    const isPreview = ['from_url', 'original_url', 'is_msg_unfurl', 'is_share'].some((name) =>
      Boolean(attachment[name]),
    );
    const all = [...pieces(attachment)];
    const shown = all.length > 0 ? all : asText(mrkdwnOf(attachment.fallback));
    for (const { role, part } of shown) yield { role: isPreview && role !== 'aside' ? 'text' : role, part };
  }
}

function* pieces(attachment: Fields): Generator<Piece> {
  const { pretext, author_name, title, title_link, text, fields, footer, files } = attachment;
  yield* asText(mrkdwnOf(pretext));
  yield* asAside(mrkdwnOf(author_name));
  const words = plainWords(title);
  if (words.trim() !== '') yield { role: 'title', part: boldLine(words, title_link) };
  const shared = itemsOf(attachment.message_blocks).flatMap((each) => [
    ...blockPieces(fieldsOf(fieldsOf(each).message).blocks),
  ]);
  // The text of a shared message repeats its blocks.
  if (shared.length === 0) yield* asText(mrkdwnOf(text));
  yield* shared;
  yield* blockPieces(attachment.blocks);
  yield* asText(itemsOf(fields).flatMap(fieldPart));
  yield* fileParts(files);
  yield* asAside(mrkdwnOf(footer));
}

function asText(parts: readonly RichTextBlockElement[]): Piece[] {
  return parts.map((part) => ({ role: 'text', part }));
}

function asAside(parts: readonly RichTextBlockElement[]): Piece[] {
  return parts.map((part) => ({ role: 'aside', part }));
}

function mrkdwnOf(value: unknown): RichTextBlockElement[] {
  return typeof value === 'string' ? mrkdwnParts(value) : [];
}

/** A field's title and value, on a line each. */
function fieldPart(value: unknown): RichTextBlockElement[] {
  const { title, value: words } = fieldsOf(value);
  const name: RichTextElement[] =
    plainWords(title) === '' ? [] : [{ type: 'text', text: `${plainWords(title)}\n`, style: { bold: true } }];
  const elements = [...name, ...mrkdwnElements(typeof words === 'string' ? words : '')];
  return elements.length === 0 ? [] : [{ type: 'rich_text_section', elements }];
}
