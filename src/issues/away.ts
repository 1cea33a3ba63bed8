import { truncate } from '../slack/text.ts';
import type { Untracked } from '../tracker/untrack.ts';

/** The most characters of the names of followed queries. */
const LONGEST_NAME = 100;

/** Sentences that say why an untracked issue stays off the list although `followed`, the queries by name, have it. */
export function awayWords(followed: string): string {
  return `It stays off the list, although this channel follows ${truncate(followed, LONGEST_NAME)}. Track it to bring it back.`;
}

/** The same for several untracked issues. Empty if no followed query has any of them. */
export function awayManyWords(untracked: readonly Pick<Untracked, 'followed'>[]): string[] {
  const followed = untracked.flatMap((each) => each.followed ?? []);
  const [only] = followed;
  if (only === undefined) return [];
  if (untracked.length === 1) return [awayWords(only)];
  const those = followed.length === untracked.length ? 'They' : `${followed.length.toLocaleString('en')} of them`;
  const verb = followed.length === 1 ? 'stays' : 'stay';
  const it = followed.length === 1 ? 'it' : 'them';
  return [
    `${those} ${verb} off the list, although this channel follows queries that have ${it}. Track ${it} to bring ${it} back.`,
  ];
}
