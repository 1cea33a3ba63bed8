import { isObject } from './body.ts';

/** REST API v3, "Set issue property": a key has up to 255 characters. */
const longestKey = 255;

/** What a list of EntityProperty carries: keys, and values of any kind. Undefined when it is no such list. */
export function propertiesIn(sent: unknown): Record<string, unknown> | undefined {
  const fits = (entry: unknown) =>
    isObject(entry) &&
    Object.keys(entry).sort().join() === 'key,value' &&
    typeof entry.key === 'string' &&
    entry.key !== '' &&
    entry.key.length <= longestKey;
  if (!Array.isArray(sent) || !sent.every(fits)) return undefined;
  return Object.fromEntries(sent.map(({ key, value }) => [key, value]));
}
