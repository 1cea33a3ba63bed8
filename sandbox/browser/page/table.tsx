import type { RichTextBlockElement } from '@slack/types';
import type { Block } from '../../slack/blocks.ts';
import { RichText } from './rich-text.tsx';

type Cell = { type: string; text?: string; value?: number; elements?: RichTextBlockElement[] };

/** A table or data_table: the first row holds the titles. */
export function Table({ block }: { block: Block }) {
  const [titles = [], ...rows] = block.rows as Cell[][];
  return (
    <div className="table">
      <table>
        {typeof block.caption === 'string' ? <caption>{block.caption}</caption> : null}
        <thead>
          <tr>{titles.map((cell, index) => drawn(cell, index, 'th'))}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and never move
            <tr key={index}>{row.map((cell, column) => drawn(cell, column, 'td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function drawn({ elements, text, value }: Cell, column: number, Tag: 'th' | 'td') {
  return <Tag key={column}>{elements ? <RichText parts={elements} /> : (text ?? value)}</Tag>;
}
