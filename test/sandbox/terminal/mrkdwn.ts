import { slackDate } from './date.ts';
import type { Drawing } from './drawing.ts';
import { visible } from './visible.ts';

const TOKEN = new RegExp(
  [
    /```(?<block>[\s\S]+?)```/,
    /`(?<code>[^`\n]+)`/,
    /<(?<angle>[^<>\n]+)>/,
    /(?<!\w)\*(?<bold>\S|\S[^*\n]*?\S)\*(?!\w)/,
    /(?<!\w)_(?<italic>\S|\S[^_\n]*?\S)_(?!\w)/,
    /(?<!\w)~(?<strike>\S|\S[^~\n]*?\S)~(?!\w)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/**
 * Text in Slack's markup: bold, italic, code, links, dates, and mentions as Slack would show them.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
export function mrkdwn(text: string, drawing: Drawing): string {
  const { ink } = drawing;
  let drawn = '';
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const { block, code, angle, bold, italic, strike } = match.groups ?? {};
    drawn += unescaped(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (block !== undefined || code !== undefined) drawn += ink.code(unescaped(block ?? code ?? '').trim());
    else if (angle !== undefined) drawn += reference(angle, drawing);
    else if (bold !== undefined) drawn += ink.paint(mrkdwn(bold, drawing), 'bold');
    else if (italic !== undefined) drawn += ink.paint(mrkdwn(italic, drawing), 'italic');
    else if (strike !== undefined) drawn += ink.paint(mrkdwn(strike, drawing), 'strike');
  }
  return drawn + unescaped(text.slice(end));
}

/** What stands between angle brackets: a person, a channel, a mention of many, a date or a link. */
function reference(angle: string, { ink, user, channel, now }: Drawing): string {
  const [target = '', label] = angle.split(/\|(.*)/s);
  const words = label === undefined ? undefined : unescaped(label);
  const rest = target.slice(1);
  if (target.startsWith('@')) return ink.paint(user(rest), 'bold');
  if (target.startsWith('#')) return ink.paint(channel(rest), 'bold');
  if (target.startsWith('!date^')) {
    const [, timestamp, format = ''] = target.split('^');
    return slackDate(Number(timestamp), format, words ?? '', now());
  }
  if (target.startsWith('!')) return ink.paint(words ?? `@${unescaped(rest)}`, 'bold', 'red');
  return ink.link(unescaped(target), words ?? unescaped(target));
}

function unescaped(text: string): string {
  return visible(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}
