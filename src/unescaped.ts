/** Text as it was typed: Slack escapes three characters in what it hands on. https://docs.slack.dev/messaging/formatting-message-text/#escaping */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
