import { slackDate } from '../slack/date.ts';
import { withEmoji } from '../slack/emoji.ts';
import { parseMrkdwn, type Span } from '../slack/mrkdwn.ts';
import type { Drawing } from './drawing.ts';
import { visible } from './visible.ts';

/** Text in Slack's markup, as a terminal shows it. */
export function mrkdwn(text: string, drawing: Drawing): string {
  return parseMrkdwn(text)
    .map((span) => drawn(span, drawing))
    .join('');
}

function drawn(span: Span, drawing: Drawing): string {
  const { ink, user, channel, now } = drawing;
  switch (span.kind) {
    case 'text':
      return withEmoji(visible(span.text));
    case 'code':
    case 'block':
      return ink.code(visible(span.text));
    case 'bold':
    case 'italic':
    case 'strike':
      return ink.paint(span.spans.map((each) => drawn(each, drawing)).join(''), span.kind);
    case 'user':
      return ink.paint(user(span.id), 'bold');
    case 'channel':
      return ink.paint(channel(span.id), 'bold');
    case 'broadcast':
      return ink.paint(visible(span.text), 'bold', 'red');
    case 'link':
      return ink.link(visible(span.url), visible(span.text));
    case 'date':
      return slackDate(span.timestamp, span.format, visible(span.fallback), now());
  }
}
