import { stripVTControlCharacters as stripped } from 'node:util';
import type { RichTextBlockElement, TableBlock } from '@slack/types';
import type { Drawing } from './drawing.ts';
import { richText } from './rich-text.ts';
import { visible } from './visible.ts';

/** What is wider than this is cut: a terminal has some hundred columns. */
const WIDEST_CELL = 48;

/** A table, its columns aligned and its first row, the titles, set off. */
export function drawTable({ rows }: Pick<TableBlock, 'rows'>, drawing: Drawing): string[] {
  const lines = rows.map((row) => row.map((cell) => drawCell(cell, drawing)));
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => lengthOf(cells[column] ?? ''))));
  const drawn = lines.map((cells) =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
  return drawn.map((line, index) => (index === 0 ? drawing.ink.paint(line, 'bold') : line));
}

function drawCell(cell: TableBlock['rows'][number][number], drawing: Drawing): string {
  if (cell.type === 'rich_text') return richText(cell.elements as RichTextBlockElement[], drawing).join(' ');
  const letters = [...visible(String(cell.text))];
  return letters.length > WIDEST_CELL ? `${letters.slice(0, WIDEST_CELL - 1).join('')}…` : letters.join('');
}

function lengthOf(drawn: string): number {
  return [...stripped(drawn)].length;
}
