/**
 * Text in which Slack finds no mention, channel, link or date: its three control characters are escaped. For `text` and
 * mrkdwn. https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Text that can ping nobody wherever a workflow puts it. A step's output goes into messages of other steps as it is, so
 * that escapes could show as such or be undone: the brackets give way to ones that mean nothing to Slack.
 */
export function harmless(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `length` UTF-16 units, the last an ellipsis when something was cut; never half a letter or half an emoji. */
export function truncate(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text)) {
    if (index + segment.length > length - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

/** Escaped text of at most `length` UTF-16 units, the last an ellipsis when something was cut; never half an escape. */
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
