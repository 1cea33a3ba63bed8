import type { AdfDocument } from '../jira/adf.ts';
import type { Context } from '../services.ts';
import { type Names, plainText, unnamedIn, withLinks } from '../slack/markup.ts';
import { adfOf } from './adf.ts';
import { type RichTextBlock, usersIn } from './rich-text.ts';

/** Reads the text of a function's inputs, all of which mention these people. */
export type ReadText = {
  plain(text: string): string;
  withLinks(text: string): string;
  document(formatted: RichTextBlock): AdfDocument;
};

/**
 * Prepares to read texts that Slack puts into the inputs of steps with its markup, and formatted texts: asks Slack for the
 * names of the people whom they mention. The plain texts of forms have no markup, and commands read theirs before.
 */
export async function readerOf(
  texts: readonly (string | undefined)[],
  formatted: RichTextBlock | undefined,
  { door, services }: Context,
): Promise<ReadText> {
  const hasMarkup = door === 'step';
  const inTexts = hasMarkup ? unnamedIn(texts.join(' ')) : [];
  const people = [...new Set([...inTexts, ...(formatted === undefined ? [] : usersIn(formatted))])];
  const names: Names = people.length === 0 ? new Map() : await services.slack.names(people);
  return {
    plain: (text) => (hasMarkup ? plainText(text, names) : text),
    withLinks: (text) => (hasMarkup ? withLinks(text, names) : text),
    document: (block) => adfOf(block, names),
  };
}
