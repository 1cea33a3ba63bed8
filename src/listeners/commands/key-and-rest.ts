/** Splits what follows a command's word into an issue's key or link, and the words after it. */
export function keyAndRest(rest: string): { key: string; words: string } {
  const end = rest.search(/\s/);
  return end === -1 ? { key: rest, words: '' } : { key: rest.slice(0, end), words: rest.slice(end).trim() };
}
