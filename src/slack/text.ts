/**
 * Escapes Slack's three control characters, so that Slack finds no mention, channel, link, or date in the text. For `text` and
 * mrkdwn. https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Text that cannot mention anyone, wherever a workflow puts it. Other steps put a step's output into their messages unchanged,
 * where escapes could show or be undone. So the angle brackets are replaced with similar ones that have no meaning to Slack.
 */
export function harmless(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}

/** Characters that look like those with which Slack begins and ends bold, italic, struck, and code. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/**
 * Text that mrkdwn shows as it is, before it is escaped. Slack has no escapes for its formatting characters, so those
 * that could begin or end something are replaced with similar ones. Between two letters or digits, and between spaces, they do neither.
 * https://github.com/slackhq/slack-api-docs/issues/34
 */
export function unformatted(text: string): string {
  return text.replace(/[*_~`]/g, (mark, at: number) => {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + 1)];
    const isInWord = /[a-z0-9]/i.test(before) && /[a-z0-9]/i.test(after);
    const isAlone = (before === '' || before === ' ') && (after === '' || after === ' ');
    return mark !== '`' && (isInWord || isAlone) ? mark : (LOOK_ALIKES[mark] ?? mark);
  });
}

/** Text that mrkdwn shows as it is, escaped. */
export function plainMrkdwn(text: string): string {
  return escapeText(unformatted(text));
}

const ASCII = /^[ -~]*$/;
/** Made when it is first needed, since making it takes 15 ms of a start. */
let segmenter: Intl.Segmenter | undefined;
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * Shortens text to at most `length` UTF-16 code units, ending in an ellipsis
 * if something was cut. Never cuts a character or an emoji in half.
 */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  // In ASCII, which needs no segmenter, each character stands for itself.
  if (ASCII.test(text)) return `${text.slice(0, length - 1)}…`;
  let end = 0;
  for (const { index, segment } of graphemes(text)) {
    if (index + segment.length > length - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

/**
 * Escapes text and shortens it to at most `length` UTF-16 code units,
 * ending in an ellipsis if something was cut. Never cuts an escape in half.
 */
export function escapeWithin(text: string, length: number): string {
  const whole = escapeText(text);
  if (whole.length <= length) return whole;
  let escaped = '';
  for (const { segment } of graphemes(text)) {
    const next = escaped + escapeText(segment);
    if (next.length > length - 1) break;
    escaped = next;
  }
  return `${escaped}…`;
}

/**
 * Cuts text into pieces of at most `length` UTF-16 code units, which is at least 2. The pieces, joined, are the text. A piece
 * ends after white space if its second half has some, and never within a surrogate pair.
 */
export function piecesOf(text: string, length: number): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = start + length >= text.length ? text.length : cutIn(text, start, start + length);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Where a piece that starts at `start` ends, at `end` or before. */
function cutIn(text: string, start: number, end: number): number {
  const middle = start + Math.ceil((end - start) / 2);
  for (let at = end; at > middle; at--) if (/\s/.test(text.charAt(at - 1))) return at;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end));
  return splitsPair ? end - 1 : end;
}

/** The text with a capital first letter, as at the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
