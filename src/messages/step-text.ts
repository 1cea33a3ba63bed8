import type { AdfDocument } from '../jira/adf.ts';
import type { FieldText } from '../jira/field-text.ts';
import type { Context } from '../services.ts';
import { type Names, plainText, unnamedIn, withLinks } from '../slack/markup.ts';
import { adfOf } from './adf.ts';
import { mentionedIn, type RichTextBlock } from './rich-text.ts';

/** Reads the text of a function's inputs, all of which mention these people. */
export type ReadText = {
  plain(text: string): string;
  withLinks(text: string): string;
  field(text: string): FieldText;
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
  const people = [...new Set([...inTexts, ...(formatted === undefined ? [] : mentionedIn(formatted))])];
  const names: Names = people.length === 0 ? new Map() : await services.slack.names(people);
  const plain = (text: string) => (hasMarkup ? plainText(text, names) : text);
  const linked = (text: string) => (hasMarkup ? withLinks(text, names) : text);
  return {
    plain,
    withLinks: linked,
    field: (text) => ({ plain: plain(text), linked: linked(text) }),
    document: (block) => adfOf(block, names),
  };
}
