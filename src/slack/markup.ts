import { unescaped } from '../unescaped.ts';
import { escapeText } from './text.ts';

/**
 * A mention, link, or date in Slack's markup, which Slack writes into messages, the inputs of steps, and, with
 * `should_escape`, the text of commands. Angle brackets around anything else are text.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
const MARKUP = /<([@#!]|mailto:|tel:|[a-z][a-z\d+.-]*:\/\/)([^<>|]*)(?:\|([^<>]*))?>/gi;

/** Names by the ids of people, channels, and user groups, without `@` and `#`. */
export type Names = ReadonlyMap<string, string>;

/**
 * A piece of a text in Slack's markup, and `raw`, which is how the text spells it. A `text` keeps its escapes in `raw`;
 * labels have none. A link's URL has its scheme.
 */
export type MarkupPiece = { raw: string } & (
  | { kind: 'text' }
  | { kind: 'link'; url: string; label: string | undefined }
  | { kind: 'user' | 'channel' | 'usergroup'; id: string; label: string | undefined }
  | { kind: 'broadcast'; range: 'here' | 'channel' | 'everyone' }
  | { kind: 'date'; timestamp: number; label: string | undefined }
);

/** The pieces of a text in Slack's markup, in order. */
export function* markupPieces(text: string): Generator<MarkupPiece> {
  let end = 0;
  for (const { 0: raw, 1: sign = '', 2: rest = '', 3: label, index } of text.matchAll(MARKUP)) {
    const piece = parsePiece(raw, sign, rest, label === undefined || label === '' ? undefined : unescaped(label));
    if (piece === undefined) continue;
    if (index > end) yield { kind: 'text', raw: text.slice(end, index) };
    yield piece;
    end = index + raw.length;
  }
  if (end < text.length) yield { kind: 'text', raw: text.slice(end) };
}

function parsePiece(raw: string, sign: string, rest: string, label: string | undefined): MarkupPiece | undefined {
  if (sign === '@') return /^[A-Z]\w+$/.test(rest) ? { kind: 'user', raw, id: rest, label } : undefined;
  if (sign === '#') return /^[A-Z]\w+$/.test(rest) ? { kind: 'channel', raw, id: rest, label } : undefined;
  if (sign !== '!') return { kind: 'link', raw, url: unescaped(`${sign}${rest}`), label };
  const range = /^(here|channel|everyone)$/.exec(rest)?.[1] as 'here' | 'channel' | 'everyone' | undefined;
  if (range !== undefined) return { kind: 'broadcast', raw, range };
  const group = /^subteam\^([A-Z]\w+)$/.exec(rest)?.[1];
  if (group !== undefined) return { kind: 'usergroup', raw, id: group, label: label?.replace(/^@/, '') };
  const timestamp = /^date\^(\d{1,12})\^/.exec(rest)?.[1];
  if (timestamp !== undefined) return { kind: 'date', raw, timestamp: Number(timestamp), label };
  return label === undefined ? undefined : { kind: 'text', raw: escapeText(label) };
}

/** The ids of the people and channels that the text mentions without a name, each once. */
export function unnamedIn(text: string): string[] {
  const ids = [...markupPieces(text)].flatMap((piece) =>
    (piece.kind === 'user' || piece.kind === 'channel') && piece.label === undefined ? [piece.id] : [],
  );
  return [...new Set(ids)];
}

/** The names of people, channels, and user groups that the text itself gives, by their ids. */
export function labelsIn(text: string): Names {
  const labels = new Map<string, string>();
  for (const piece of markupPieces(text)) {
    if ('id' in piece && piece.label !== undefined) labels.set(piece.id, piece.label);
  }
  return labels;
}

/** The text as people read it in Slack, without markup: `<#C1|checkout>` becomes `#checkout`, and `&amp;` becomes `&`. */
export function plainText(text: string, names: Names): string {
  return [...markupPieces(text)]
    .map((piece) => (piece.kind === 'text' ? unescaped(piece.raw) : wordsOf(piece, names)))
    .join('');
}

/** The text with everything but web links as people read it in Slack. Links keep their markup, and text keeps its escapes. */
export function withLinks(text: string, names: Names): string {
  return [...markupPieces(text)]
    .map((piece) => {
      const stays = piece.kind === 'text' || (piece.kind === 'link' && /^https?:/i.test(piece.url));
      return stays ? piece.raw : escapeText(wordsOf(piece, names));
    })
    .join('');
}

function wordsOf(piece: Exclude<MarkupPiece, { kind: 'text' }>, names: Names): string {
  switch (piece.kind) {
    case 'link':
      return piece.label ?? piece.url.replace(/^(mailto|tel):/i, '');
    case 'broadcast':
      return `@${piece.range}`;
    case 'date':
      return piece.label ?? dateWords(piece.timestamp);
    default:
      return mentionWords(piece.kind, piece.id, piece.label === undefined ? names : new Map([[piece.id, piece.label]]));
  }
}

/**
 * A mention as people read it. A private channel of which Maro is not a member has no name for Maro, and a user group
 * has one only in a label, since Maro has no scope for the list of all user groups.
 */
export function mentionWords(kind: 'user' | 'channel' | 'usergroup', id: string, names: Names): string {
  const name = names.get(id);
  if (kind === 'channel') return `#${name ?? 'a channel'}`;
  return `@${name ?? (kind === 'usergroup' ? 'a user group' : id)}`;
}

/** A time, in seconds since 1970, in words for which Slack gives none: `2024-11-14 09:30 UTC`. */
export function dateWords(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
