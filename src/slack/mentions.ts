import { parseKeys } from '../jira/key.ts';

/** A message, as far as people's words are in it. https://docs.slack.dev/reference/events/message */
export type Words = { text?: unknown; blocks?: unknown; attachments?: unknown };

// In prose only capitals are meant as a key, so that "covid-19" and "pre-2024" are not. What stands in a longer word or
// number, such as ISO-8859-1, is none either.
const KEY_IN_PROSE = /(?<![\p{L}\p{N}_/-])[A-Z][A-Z0-9_]+-[1-9]\d*(?![\p{L}\p{N}_-])/gu;
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
    const keys = words.replace(LINK, ' ').match(KEY_IN_PROSE) ?? [];
    for (const mention of [...links, ...keys]) {
      const [typed] = parseKeys(mention);
      if (typed?.key !== undefined) found.set(`${typed.host ?? ''} ${typed.key}`, mention);
    }
  }
  return [...found.values()];
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

/** As it was typed: Slack escapes three characters in what it sends. */
function unescaped(words: string): string {
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
