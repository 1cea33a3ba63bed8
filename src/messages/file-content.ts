import type { RichTextBlockElement } from '@slack/types';
import { boldLine, type Piece, plainWords } from './block-content.ts';
import { textElement } from './mrkdwn.ts';
import { fieldsOf, itemsOf } from './rich-text.ts';

type Fields = Record<string, unknown>;

/**
 * The words that people read of a message's files: an email's subject, people, and text; what Slack shows of a
 * snippet and of a recording's transcript; and the titles of all other files, in one line.
 * https://docs.slack.dev/reference/objects/file-object
 */
export function* fileParts(files: unknown): Generator<Piece> {
  const all = itemsOf(files).map(fieldsOf);
  for (const file of all) if (isEmail(file)) yield* emailPieces(file);
  const titles = all.filter((file) => !isEmail(file)).flatMap((file) => titleOf(file) || []);
  if (titles.length > 0) yield { role: 'aside', part: sectionOf(`Files: ${titles.join(', ')}`) };
  for (const file of all) for (const part of previewParts(file)) yield { role: 'text', part };
}

/** A file's title, which is its name unless somebody changed it. */
export function titleOf({ title, name }: Fields): string {
  return plainWords(title).trim() || plainWords(name).trim();
}

function isEmail({ filetype }: Fields): boolean {
  return filetype === 'email';
}

function* emailPieces(file: Fields): Generator<Piece> {
  const subject = plainWords(file.subject).trim() || titleOf(file);
  if (subject !== '') yield { role: 'title', part: boldLine(subject) };
  for (const [label, people] of [
    ['From', file.from],
    ['To', file.to],
    ['Cc', file.cc],
  ] as const) {
    const names = itemsOf(people).flatMap((each) => plainWords(fieldsOf(each).original) || []);
    if (names.length > 0) yield { role: 'aside', part: sectionOf(`${label}: ${names.join(', ')}`) };
  }
  const text = plainWords(file.plain_text).trim() || plainWords(file.preview_plain_text).trim();
  if (text !== '') yield { role: 'text', part: sectionOf(text) };
  const names = itemsOf(file.attachments).flatMap((each) => plainWords(fieldsOf(each).filename) || []);
  if (names.length > 0) yield { role: 'aside', part: sectionOf(`Files: ${names.join(', ')}`) };
}

function previewParts({ mode, preview, preview_is_truncated, transcription }: Fields): RichTextBlockElement[] {
  const code = mode === 'snippet' ? plainWords(preview) : '';
  const { content, has_more } = fieldsOf(fieldsOf(transcription).preview);
  const said = plainWords(content);
  return [
    ...(code.trim() === '' ? [] : [preformatted(preview_is_truncated === true ? `${code}\n…` : code)]),
    ...(said.trim() === '' ? [] : [sectionOf(has_more === true ? `${said} …` : said)]),
  ];
}

function preformatted(text: string): RichTextBlockElement {
  return { type: 'rich_text_preformatted', elements: [textElement(text)] };
}

function sectionOf(text: string): RichTextBlockElement {
  return { type: 'rich_text_section', elements: [textElement(text)] };
}
