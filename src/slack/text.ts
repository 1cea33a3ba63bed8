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

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Shortens text to at most `length` UTF-16 code units, ending in an ellipsis
 * if something was cut. Never cuts a character or an emoji in half.
 */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
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
  for (const { segment } of graphemes.segment(text)) {
    const next = escaped + escapeText(segment);
    if (next.length > length - 1) break;
    escaped = next;
  }
  return `${escaped}…`;
}
