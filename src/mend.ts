/** More than Slack and Jira nest, and less than what JSON.stringify has a stack for. */
const DEEPEST = 200;

/** JSON that is nested deeper than anything that Slack, Jira or a person writes. */
export class NestedTooDeep extends Error {
  override name = 'NestedTooDeep';
}

/**
 * Parsed JSON without NUL and half surrogates, of which PostgreSQL refuses the first and the JSON of both. They are dropped
 * and not replaced: neither is a letter, so nothing that can be read is lost, and a key beside one is still a key. Changes
 * the value in place, since parts of it may have been handed on already, and returns it.
 * @throws {NestedTooDeep} since nothing that is nested so deep could be stored or sent.
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

/** JSON may have a field `__proto__`, to which nothing can be assigned. */
function set(part: Record<string, unknown>, name: string, value: unknown): void {
  if (part[name] === value && Object.hasOwn(part, name)) return;
  Object.defineProperty(part, name, { value, writable: true, enumerable: true, configurable: true });
}
