import type { Transition } from '../jira/transitions.ts';
import { truncate } from '../slack/text.ts';

/** The most characters of a name that an answer repeats. */
export const LONGEST_NAME = 80;

/**
 * The transition that the words name: by its own name or by its status. Its category does not count, since “Done” is also that
 * of “Won't Do”. Of several that lead to the same status, one that asks for nothing. Several, if the words fit several statuses;
 * undefined if they fit none. Last, the words can be its id, which names a transition whose other names fit another one too.
 */
export function transitionNamed(words: string, offered: readonly Transition[]): Transition | Transition[] | undefined {
  const fitting = [
    offered.filter(({ name }) => isNamed(words, name)),
    offered.filter(({ to }) => isNamed(words, to.name)),
    offered.filter(({ id }) => id === words),
  ].find((each) => each.length > 0);
  if (fitting === undefined) return undefined;
  const statuses = new Set(fitting.map(({ to }) => to.id));
  if (statuses.size > 1) return fitting;
  return fitting.find(({ required }) => required.length === 0) ?? fitting[0];
}

/** The words that name this transition and no other one of those that Jira offers. */
export function nameOf({ id, name, to }: Transition, offered: readonly Transition[]): string {
  const isExact = (words: string) => {
    const named = transitionNamed(words, offered);
    return named !== undefined && !Array.isArray(named) && named.id === id;
  };
  return [to.name, name].find(isExact) ?? id;
}

/**
 * The resolution that `words` name, in the form that Jira expects. Undefined if `words` is blank. `because`: a sentence that says
 * why the transition does not take it.
 */
export function resolutionNamed(
  words: string,
  { to, resolutions }: Pick<Transition, 'to' | 'resolutions'>,
): { id: string } | { because: string } | undefined {
  if (words.trim() === '') return undefined;
  if (resolutions.length === 0) return { because: `Jira doesn’t take a resolution for a move to ${to.name}.` };
  const option = resolutions.find(({ name }) => isNamed(words, name));
  if (option !== undefined) return { id: option.id };
  const names = resolutions.map(({ name }) => name).join(', ');
  return {
    because: `Jira doesn’t offer the resolution “${truncate(words.trim(), LONGEST_NAME)}” here. It offers ${names}.`,
  };
}

const NAMES = new Intl.Collator(undefined, { sensitivity: 'accent' });

/** Whether the words are the name, in any case. People also type “to” before it, as in `move PLAT-1 to Done`. */
export function isNamed(words: string, name: string): boolean {
  return [name, `to ${name}`].some((each) => NAMES.compare(words.trim(), each) === 0);
}
