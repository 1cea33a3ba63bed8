import type { Context } from '../services.ts';
import { type Names, plainText, unnamedIn, withLinks } from '../slack/markup.ts';

/** Reads the text of a function's inputs, all of which mention these people. */
export type ReadText = { plain(text: string): string; withLinks(text: string): string };

const AS_TYPED: ReadText = { plain: (text) => text, withLinks: (text) => text };

/**
 * Prepares to read texts that Slack puts into the inputs of steps with its markup: asks Slack for the names of the people
 * whom they mention. The texts of forms and commands have no markup and stay as they were typed.
 */
export async function readerOf(texts: readonly (string | undefined)[], { door, services }: Context): Promise<ReadText> {
  if (door !== 'step') return AS_TYPED;
  const people = unnamedIn(texts.join(' '));
  const names: Names = people.length === 0 ? new Map() : await services.slack.names(people);
  return { plain: (text) => plainText(text, names), withLinks: (text) => withLinks(text, names) };
}
