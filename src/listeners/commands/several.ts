import { parseKey, parseKeys } from '../../key.ts';

/**
 * Splits the text after a command's first word, such as `PLAT-1, PLAT-2 Done`, into keys and the words after them. Undefined unless
 * there are at least two keys, and words. A link does not count as a key, because it names one issue.
 */
export function severalIn(rest: string): { issue_keys: string; words: string } | undefined {
  const keys: string[] = [];
  for (const { 0: token, index } of rest.matchAll(/\S+/g)) {
    // Most tokens are keys and nothing else.
    const plain = parseKey(token);
    if (plain !== undefined) {
      keys.push(plain);
      continue;
    }
    const typed = parseKeys(token);
    const areKeys = typed.length > 0 && typed.every(({ key, host }) => key !== undefined && host === undefined);
    if (!areKeys) return keys.length < 2 ? undefined : { issue_keys: keys.join(' '), words: rest.slice(index).trim() };
    keys.push(...typed.flatMap(({ key }) => key ?? []));
  }
  return undefined;
}
