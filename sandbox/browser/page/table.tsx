import type { RichTextBlockElement } from '@slack/types';
import { useState } from 'react';
import type { Block } from '../../slack/blocks.ts';
import { RichText } from './rich-text.tsx';

type Cell = { type: string; text?: string; value?: number; elements?: RichTextBlockElement[] };

/** How many rows a data_table shows at a time unless it says so. https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
const PAGE_SIZE = 5;

/** A table or data_table: the first row holds the titles. The columns of a data_table sort, and it has pages. */
export function Table({ block }: { block: Block }) {
  const [titles = [], ...rows] = block.rows as Cell[][];
  const [order, setOrder] = useState<{ column: number; isUp: boolean }>();
  const [from, setFrom] = useState(0);
  const isData = block.type === 'data_table';
  const sorted = order === undefined ? rows : rows.toSorted((one, other) => compared(one, other, order));
  const size = isData ? Number(block.page_size ?? PAGE_SIZE) : rows.length;
  const sort = (column: number) => {
    setOrder((now) => ({ column, isUp: !(now?.column === column && now.isUp) }));
    setFrom(0);
  };
  const sign = (column: number) => (order?.column === column ? (order.isUp ? 'ascending' : 'descending') : 'none');
  return (
    <div className="table">
      <table>
        {typeof block.caption === 'string' ? <caption>{block.caption}</caption> : null}
        <thead>
          <tr>
            {titles.map((cell, column) =>
              isData ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name, and never move
                <th key={column} aria-sort={sign(column)}>
                  <button type="button" onClick={() => sort(column)}>
                    {wordsOf(cell)}
                  </button>
                </th>
              ) : (
                drawn(cell, column, 'th')
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(from, from + size).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
            <tr key={index}>{row.map((cell, column) => drawn(cell, column, 'td'))}</tr>
          ))}
        </tbody>
      </table>
      {rows.length > size ? (
        <div className="table-pages">
          <button type="button" className="button" disabled={from === 0} onClick={() => setFrom(from - size)}>
            Previous rows
          </button>
          {from + 1}–{Math.min(rows.length, from + size)} of {rows.length}
          <button
            type="button"
            className="button"
            disabled={from + size >= rows.length}
            onClick={() => setFrom(from + size)}
          >
            Next rows
          </button>
        </div>
      ) : null}
    </div>
  );
}

function compared(one: Cell[], other: Cell[], { column, isUp }: { column: number; isUp: boolean }): number {
  const ascending = wordsOf(one[column]).localeCompare(wordsOf(other[column]), 'en', { numeric: true });
  return isUp ? ascending : -ascending;
}

/** The words of a cell; of rich text, those of its links and texts. */
function wordsOf(cell: Cell | undefined): string {
  if (cell?.elements === undefined) return String(cell?.text ?? cell?.value ?? '');
  const parts = cell.elements as { elements?: { text?: unknown }[] }[];
  return parts.flatMap(({ elements = [] }) => elements.map(({ text }) => String(text ?? ''))).join(' ');
}

function drawn({ elements, text, value }: Cell, column: number, Tag: 'th' | 'td') {
  return <Tag key={column}>{elements ? <RichText parts={elements} /> : (text ?? value)}</Tag>;
}
