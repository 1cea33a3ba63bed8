/**
 * The text as a person typed it. Slack escapes three characters in the text that it delivers.
 * https://docs.slack.dev/messaging/formatting-message-text/#escaping
 */
export function unescaped(text: string): string {
  // Most texts have no escape, and looking once is faster.
  if (!text.includes('&')) return text;
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
