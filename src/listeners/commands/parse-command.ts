/** Splits a command's text into its first word, in lower case, and the rest. */
export function parseCommand(text: string): { verb: string; rest: string } {
  const words = text.trim();
  const space = words.search(/\s/);
  const end = space === -1 ? words.length : space;
  return { verb: words.slice(0, end).toLowerCase(), rest: words.slice(end).trimStart() };
}
