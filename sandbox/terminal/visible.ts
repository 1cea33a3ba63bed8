/**
 * Text that a terminal cannot be steered with: control characters, and those that turn the direction of writing, stand there
 * by their number. New lines stay.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, (character) =>
      character === '\n' ? character : `‹U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}›`,
    );
}
