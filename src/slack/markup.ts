import { unescaped } from '../unescaped.ts';
import { escapeText } from './text.ts';

/**
 * A mention, link, or date in Slack's markup, as Slack writes them into the inputs of steps and, with `should_escape`, into the
 * text of commands.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
const MARKUP = /<([@#!]|https?:|mailto:|tel:)([^<>|]*)(?:\|([^<>]*))?>/g;

/** People's names by their ids. */
export type Names = ReadonlyMap<string, string>;

/** The ids of the people whom the text mentions without a name, each once. */
export function unnamedIn(text: string): string[] {
  const ids = [...text.matchAll(MARKUP)].flatMap(([, sign, id = '', label]) => (sign === '@' && !label ? [id] : []));
  return [...new Set(ids)];
}

/** The text as people read it in Slack, without markup: `<#C1|checkout>` becomes `#checkout`, and `&amp;` becomes `&`. */
export function plainText(text: string, names: Names): string {
  return unescaped(text.replace(MARKUP, (_, sign, rest, label) => escapeText(wordsOf(sign, rest, label, names))));
}

/** The text with everything but web links as people read it in Slack. Links keep their markup, and text keeps its escapes. */
export function withLinks(text: string, names: Names): string {
  return text.replace(MARKUP, (whole, sign, rest, label) =>
    sign.startsWith('http') ? whole : escapeText(wordsOf(sign, rest, label, names)),
  );
}

function wordsOf(sign: string, rest: string, label: string | undefined, names: Names): string {
  const shown = label === undefined || label === '' ? undefined : unescaped(label);
  switch (sign) {
    case '@':
      return `@${shown ?? names.get(rest) ?? rest}`;
    case '#':
      return `#${shown ?? rest}`;
    case '!':
      // A date and a user group have their words in the label. `<!here>` and its like have none.
      return shown ?? `@${rest}`;
    default:
      return shown ?? (sign.startsWith('http') ? unescaped(`${sign}${rest}`) : rest);
  }
}
