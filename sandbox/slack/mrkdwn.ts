/** A piece of text in Slack's markup. */
export type Span =
  | { kind: 'text' | 'code' | 'block'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; spans: Span[] }
  | { kind: 'user' | 'channel'; id: string }
  /** A mention of many: `@channel`. */
  | { kind: 'broadcast'; text: string }
  | { kind: 'link'; url: string; text: string }
  /** `timestamp` in seconds. */
  | { kind: 'date'; timestamp: number; format: string; fallback: string };

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
 * Text in Slack's markup: bold, italic, code, links, dates and mentions, with Slack's escapes undone.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
export function parseMrkdwn(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  const plain = (to: number) => {
    if (to > end) spans.push({ kind: 'text', text: unescaped(text.slice(end, to)) });
  };
  for (const match of text.matchAll(TOKEN)) {
    const { block, code, angle, bold, italic, strike } = match.groups ?? {};
    plain(match.index);
    end = match.index + match[0].length;
    if (block !== undefined) spans.push({ kind: 'block', text: unescaped(block).trim() });
    else if (code !== undefined) spans.push({ kind: 'code', text: unescaped(code).trim() });
    else if (angle !== undefined) spans.push(reference(angle));
    else if (bold !== undefined) spans.push({ kind: 'bold', spans: parseMrkdwn(bold) });
    else if (italic !== undefined) spans.push({ kind: 'italic', spans: parseMrkdwn(italic) });
    else if (strike !== undefined) spans.push({ kind: 'strike', spans: parseMrkdwn(strike) });
  }
  plain(text.length);
  return spans;
}

/** What stands between angle brackets: a person, a channel, a mention of many, a date or a link. */
function reference(angle: string): Span {
  const [target = '', label] = angle.split(/\|(.*)/s);
  const words = label === undefined ? undefined : unescaped(label);
  const rest = target.slice(1);
  if (target.startsWith('@')) return { kind: 'user', id: rest };
  if (target.startsWith('#')) return { kind: 'channel', id: rest };
  if (target.startsWith('!date^')) {
    const [, timestamp, format = ''] = target.split('^');
    return { kind: 'date', timestamp: Number(timestamp), format, fallback: words ?? '' };
  }
  if (target.startsWith('!')) return { kind: 'broadcast', text: words ?? `@${unescaped(rest)}` };
  return { kind: 'link', url: unescaped(target), text: words ?? unescaped(target) };
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * What a person types, as Slack keeps it: its three control characters escaped, and links in angle brackets. Punctuation that
 * follows an address is not part of it.
 */
export function escapedMrkdwn(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/https?:\/\/(?:(?!&[lg]t;)\S)+/g, (address) => {
      const end = address.search(/[.,;:!?)\]}'"]+$/);
      return end === -1 ? `<${address}>` : `<${address.slice(0, end)}>${address.slice(end)}`;
    });
}
