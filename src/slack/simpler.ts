import type { DataTableBlock, KnownBlock, TableBlock } from '@slack/types';

/**
 * The blocks without those that a workspace may not have yet: a data table becomes a table.
 * https://docs.slack.dev/reference/block-kit/blocks/table-block
 * @returns undefined if all blocks are simple already.
 */
export function simpler(blocks: readonly KnownBlock[]): KnownBlock[] | undefined {
  if (!blocks.some(({ type }) => type === 'data_table')) return undefined;
  return blocks.map((block) => (block.type === 'data_table' ? tableOf(block) : block));
}

function tableOf({ rows, row_header_column_index = 0 }: DataTableBlock): TableBlock {
  const column_settings = (rows[0] ?? []).map((_, column) => ({ is_wrapped: column !== row_header_column_index }));
  return { type: 'table', rows: rows as TableBlock['rows'], column_settings };
}
