import { stripVTControlCharacters } from 'node:util';

/**
 * A line broken between words so that no part is longer than `width` letters, if no word is. What follows the first part is
 * indented as far as its text, bullet included. Escape sequences count for nothing.
 */
export function wrap(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const [lead = ''] = /^[\s•│▌]*(\d+\. )?/.exec(line) ?? [];
  const hang = lead.replace(/[^│▌]/g, ' ');
  const parts: string[] = [];
  let part = '';
  for (const word of line.slice(lead.length).split(' ')) {
    const longer = part === '' ? word : `${part} ${word}`;
    if (part !== '' && widthOf(longer) > width - lead.length) {
      parts.push(part);
      part = word;
    } else {
      part = longer;
    }
  }
  return [...parts, part].map((each, index) => (index === 0 ? lead : hang) + each);
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function widthOf(text: string): number {
  return [...letters.segment(stripVTControlCharacters(text))].length;
}
