import { keysInProse, parseKeys, type Typed } from '../key.ts';
import { unescaped } from '../unescaped.ts';
import type { MessageParts } from './content.ts';

/** A link in Slack's markup, with its label. */
const MARKED = /<(https?:\/\/[^<>|\s]+)(?:\|([^<>]*))?>/gi;
/** A link in prose. Quotes and dashes end it. */
const LINK = /https?:\/\/[^\s<>|"“”„«»‹›‘’–—…]+/gi;
/** A link in Markdown. */
const MARKDOWN = /\[([^[\]\n]*)\]\((https?:\/\/[^()\s<>|]+)\)/gi;
/** Fields of blocks, attachments, and files that hold text, a URL, or both. */
const WORDS = [
  ...['text', 'url', 'title', 'title_link', 'title_url', 'from_url', 'fallback', 'pretext', 'value', 'alt_text'],
  ...['subtitle', 'body', 'description', 'details', 'output', 'caption', 'author_name', 'author_link', 'footer'],
  ...['name', 'join_url', 'subject', 'plain_text', 'preview_plain_text', 'preview', 'filename', 'content'],
];
/** The field with the address of which a field is the label. */
const ADDRESS: Readonly<Record<string, string>> = { text: 'url', title: 'title_link', author_name: 'author_link' };
/** Fields that hold other parts of a message. */
const PARTS = [
  ...['blocks', 'elements', 'fields', 'attachments', 'rows', 'message_blocks', 'message', 'accessory', 'files'],
  ...['child_blocks', 'tasks', 'sources', 'actions', 'call', 'v1', 'transcription'],
];
/** The deepest level that is searched. Slack nests blocks only a few levels deep. */
const DEEPEST = 12;

/** Text, and the address that it is the label of. */
type Words = { text: string; url?: string | undefined };

/**
 * Finds the keys and links in a message's text, blocks, attachments, and files, each once, as `parseKeys`
 * accepts them. They come in the order of the message's parts. Within one text, links come before keys.
 * A link's label is no mention of the key that the link itself names, which may be another Jira's.
 */
export function mentionsIn(message: MessageParts): string[] {
  const found = new Map<string, string>();
  const add = ({ text, url }: Words) => {
    const ofUrl = url === undefined ? undefined : parseLink(url);
    if (url !== undefined && ofUrl?.key !== undefined) found.set(`${ofUrl.host} ${ofUrl.key}`, url);
    const links = text.match(LINK) ?? [];
    for (const link of links) {
      const typed = parseLink(link);
      if (typed?.key !== undefined) found.set(`${typed.host} ${typed.key}`, link);
    }
    // A key in a URL belongs to the link.
    const prose = links.length === 0 ? text : text.replace(LINK, ' ');
    for (const key of keysInProse(prose)) if (key !== ofUrl?.key) found.set(` ${key}`, key);
  };
  for (const words of wordsOf(message, 0)) {
    for (const { 1: url = '', 2: label = '' } of words.text.matchAll(MARKED)) {
      add({ text: unescaped(label), url: unescaped(url) });
    }
    const unmarked = unescaped(words.text.replace(MARKED, ' '));
    for (const { 1: label = '', 2: url = '' } of unmarked.matchAll(MARKDOWN)) add({ text: label, url });
    add({ text: unmarked.replace(MARKDOWN, ' '), url: words.url });
  }
  return [...found.values()];
}

/** Every key has a hyphen, which may be percent-encoded, as `parseKeys` reads it. */
const MAY_HAVE_KEY = /[-%‐‑−－]/;

function parseLink(link: string): Typed | undefined {
  return MAY_HAVE_KEY.test(link) ? parseKeys(link).find(({ key }) => key !== undefined) : undefined;
}

function* wordsOf(part: unknown, depth: number): Generator<Words> {
  if (depth > DEEPEST || typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) yield* wordsOf(item, depth + 1);
    return;
  }
  const fields = part as Record<string, unknown>;
  for (const name of WORDS) {
    const text = fields[name];
    const url = fields[ADDRESS[name] ?? ''];
    if (typeof text === 'string') yield { text, url: typeof url === 'string' ? url : undefined };
    else yield* wordsOf(text, depth + 1);
  }
  for (const name of PARTS) yield* wordsOf(fields[name], depth + 1);
}
