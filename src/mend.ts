/** Deeper than JSON from Slack or Jira, and shallow enough that JSON.stringify does not overflow the stack. */
const DEEPEST = 200;

/** JSON that is nested more deeply than anything that Slack, Jira, or a person writes. */
export class NestedTooDeep extends Error {
  override name = 'NestedTooDeep';
}

/**
 * Removes NUL and unpaired surrogates from the strings and field names of parsed JSON. PostgreSQL rejects NUL in text, and both
 * in JSON. They are removed and not replaced, because neither is a readable character and an issue key next to one stays a key.
 * Changes the value in place, because parts of it may already have been passed on, and returns the value.
 * @throws {NestedTooDeep} if the JSON is nested too deeply to be stored or sent.
 */
export function mend<T>(json: T): T {
  const root = { json };
  const open: { part: Record<string, unknown>; depth: number }[] = [{ part: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, depth } = next;
    if (depth > DEEPEST) throw new NestedTooDeep(`nested deeper than ${DEEPEST} levels`);
    for (const name of Object.keys(part)) {
      const value = part[name];
      if (typeof value === 'string') set(part, name, whole(value));
      else if (typeof value === 'object' && value !== null) {
        open.push({ part: value as Record<string, unknown>, depth: depth + 1 });
      }
      if (whole(name) === name) continue;
      set(part, whole(name), part[name]);
      delete part[name];
    }
  }
  return root.json;
}

function whole(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replace(/[\0\ud800-\udfff]/gu, '');
}

/** Defines the field instead of assigning it, because JSON may have a field `__proto__`, which cannot be assigned. */
function set(part: Record<string, unknown>, name: string, value: unknown): void {
  if (part[name] === value && Object.hasOwn(part, name)) return;
  Object.defineProperty(part, name, { value, writable: true, enumerable: true, configurable: true });
}
