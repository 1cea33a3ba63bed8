import { parseKey, parseKeys } from '../key.ts';
import { unescaped } from '../unescaped.ts';

/** A message, as far as people's words are in it. https://docs.slack.dev/reference/events/message */
export type Words = { text?: unknown; blocks?: unknown; attachments?: unknown };

/** What people separate by spaces and punctuation. A slash separates, too, but nothing behind one is a key of its own. */
const WORD = /[\p{L}\p{N}_/-]+/gu;
// In prose only capitals are meant as a key, so that "covid-19" and "pre-2024" are not. What stands in a longer word or
// number, such as ISO-8859-1, is none either.
const KEY_IN_PROSE = /^[A-Z][A-Z0-9_]+-[1-9]\d*$/;
const LINK = /https?:\/\/[^\s<>|"]+/gi;
/** Fields of blocks and attachments that hold what a person wrote or linked. */
const WORDS = ['text', 'url', 'title', 'title_link', 'from_url', 'fallback', 'pretext', 'value', 'alt_text'];
const PARTS = ['blocks', 'elements', 'fields', 'attachments', 'rows', 'message_blocks', 'message', 'accessory'];
/** Slack nests blocks a few levels deep. */
const DEEPEST = 12;

/**
 * Keys and links in a message's text, blocks and attachments, in the order in which they stand there, each once, as
 * `parseKeys` takes them.
 */
export function mentionsIn(message: Words): string[] {
  const found = new Map<string, string>();
  for (const words of wordsOf(message, 0)) {
    const links = words.match(LINK) ?? [];
    // A link's own text is no second mention, and a key within an address belongs to the address.
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
