import { parseKey, parseKeys } from '../key.ts';
import { unescaped } from '../unescaped.ts';

/** The parts of a Slack message that can hold text. https://docs.slack.dev/reference/events/message */
export type Words = { text?: unknown; blocks?: unknown; attachments?: unknown };

/** A word, which may contain slashes. Only the part before the first slash can be a key. */
const WORD = /[\p{L}\p{N}_/-]+/gu;
// A key in prose has to be in capitals, so that "covid-19" and "pre-2024" are not
// keys. It also has to be a whole word, so that ISO-8859-1 does not contain a key.
const KEY_IN_PROSE = /^[A-Z][A-Z0-9_]+-[1-9]\d*$/;
const LINK = /https?:\/\/[^\s<>|"]+/gi;
/** Fields of blocks and attachments that hold text or a URL. */
const WORDS = ['text', 'url', 'title', 'title_link', 'from_url', 'fallback', 'pretext', 'value', 'alt_text'];
const PARTS = ['blocks', 'elements', 'fields', 'attachments', 'rows', 'message_blocks', 'message', 'accessory'];
/** The deepest level that is searched. Slack nests blocks only a few levels deep. */
const DEEPEST = 12;

/**
 * Finds the keys and links in a message's text, blocks, and attachments, each once, as `parseKeys`
 * accepts them. They come in the order of the message's parts. Within one text, links come before keys.
 */
export function mentionsIn(message: Words): string[] {
  const found = new Map<string, string>();
  for (const words of wordsOf(message, 0)) {
    const links = words.match(LINK) ?? [];
    // A key in a URL belongs to the link, so URLs are removed before the search for keys.
    const keys = keysIn(links.length === 0 ? words : words.replace(LINK, ' '));
    for (const link of links) {
      const [typed] = parseKeys(link);
      if (typed?.key !== undefined) found.set(`${typed.host ?? ''} ${typed.key}`, link);
    }
    for (const key of keys) if (parseKey(key) === key) found.set(` ${key}`, key);
  }
  return [...found.values()];
}

function keysIn(prose: string): string[] {
  return (prose.match(WORD) ?? []).flatMap((word) => {
    const slash = word.indexOf('/');
    const first = slash === -1 ? word : word.slice(0, slash);
    return KEY_IN_PROSE.test(first) ? [first] : [];
  });
}

function* wordsOf(part: unknown, depth: number): Generator<string> {
  if (depth > DEEPEST || typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) yield* wordsOf(item, depth + 1);
    return;
  }
  const fields = part as Record<string, unknown>;
  for (const name of WORDS) {
    const words = fields[name];
    if (typeof words === 'string') yield unescaped(words);
    else yield* wordsOf(words, depth + 1);
  }
  for (const name of PARTS) yield* wordsOf(fields[name], depth + 1);
}
