import { wrap } from './wrap.ts';

/** Narrower ones are hard to read, and some terminals do not know their width and say 0. */
const NARROWEST = 40;

/** Lines to be written below a prompt: indented, and broken when there is a width, in letters. */
export function indented(lines: readonly string[], width = 0): string {
  const broken = width < NARROWEST ? lines : lines.flatMap((line) => wrap(line, width - 2));
  return broken.map((line) => `${line === '' ? '' : `  ${line}`}\n`).join('');
}
