import { accessory, actionElement, contextElement, inputElement, plain, text } from './elements.ts';
import { Refusal } from './refusal.ts';
import { richTextElements } from './rich-text.ts';
import {
  anything,
  boolean,
  type Check,
  type Fields,
  integer,
  list,
  Misfit,
  number,
  object,
  oneOf,
  string,
  typed,
} from './shape.ts';

export interface Block {
  type: string;
  block_id?: string;
  [field: string]: unknown;
}

const block = (required: Fields, optional: Fields = {}) =>
  object({ type: anything, ...required }, { block_id: string(255), ...optional });

const richText = block({ elements: richTextElements });
const cells: Record<string, Check> = {
  raw_text: object({ type: anything, text: string(undefined, 1) }),
  raw_number: object({ type: anything, value: number }, { text: string(undefined, 1) }),
  rich_text: richText,
};
const rows = (page: string, max: number, min: number) =>
  list(
    list(
      typed(cells, () => page),
      20,
      1,
    ),
    max,
    min,
  );
const tablePage = 'reference/block-kit/blocks/table-block';
const dataTablePage = 'reference/block-kit/blocks/data-table-block';
const column = object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean });

const sectionShape = block({}, { text: text(3000), fields: list(text(2000), 10, 1), accessory, expand: boolean });
const dataTableShape = block(
  { rows: rows(dataTablePage, 101, 2), caption: string(undefined, 1) },
  { page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
);

/** Slack's limits, block by block: docs.slack.dev/reference/block-kit/blocks. */
const kinds: Record<string, Check> = {
  section(value, at) {
    sectionShape(value, at);
    const { text, fields } = value as Block;
    if (!text && !fields) throw new Misfit(at, 'missing required field: text or fields');
  },
  header: block({ text: plain(150) }),
  divider: block({}),
  context: block({ elements: list(contextElement, 10, 1) }),
  actions: block({ elements: list(actionElement, 25, 1) }),
  input: block(
    { label: plain(2000), element: inputElement },
    { hint: plain(2000), optional: boolean, dispatch_action: boolean },
  ),
  image: block({ alt_text: string(2000) }, { image_url: string(3000), slack_file: anything, title: plain(2000) }),
  markdown: block({ text: string(12_000, 1) }),
  rich_text: richText,
  table: block({ rows: rows(tablePage, 100, 1) }, { column_settings: list(column, 20) }),
  data_table(value, at) {
    dataTableShape(value, at);
    const [header = [], ...body] = (value as { rows: { type: string }[][] }).rows;
    const rich = header.findIndex((cell) => cell.type === 'rich_text');
    if (rich >= 0) throw new Misfit(`${at}/rows/0/${rich}`, 'a header cell cannot be rich_text');
    const odd = body.findIndex((row) => row.length !== header.length);
    if (odd >= 0) throw new Misfit(`${at}/rows/${odd + 1}`, 'all rows must have the same number of values');
  },
};

const page = (type: string) => `reference/block-kit/blocks/${type.replaceAll('_', '-')}-block`;
const modalKinds = ['section', 'header', 'divider', 'context', 'actions', 'input', 'image', 'rich_text'];
const messageBlocks = list(typed(kinds, page), 50);
const modalBlocks = list(typed(kinds, page, modalKinds), 100);

const view = object(
  { type: oneOf('modal'), title: plain(24), blocks: modalBlocks },
  {
    submit: plain(24),
    close: plain(24),
    private_metadata: string(3000),
    callback_id: string(255),
    external_id: string(255),
    clear_on_close: boolean,
    notify_on_close: boolean,
  },
);

/** docs.slack.dev/reference/views/home-tab-views */
const home = object(
  { type: oneOf('home'), blocks: modalBlocks },
  { private_metadata: string(3000), callback_id: string(255), external_id: string(255) },
);

/** Refuses blocks that Slack would not show in a message; `at` is where they stand in what was sent. */
export function checkBlocks(blocks: unknown, at = '/blocks'): asserts blocks is Block[] {
  attempt('invalid_blocks', () => {
    messageBlocks(blocks, at);
    checkIds(blocks as Block[], at);
    checkMarkdown(blocks as Block[], at);
  });
  attempt('invalid_attachments', () => checkTables(blocks as Block[], at));
  const length = characters(blocks);
  if (length <= 13_200) return;
  // Undocumented; reported in github.com/slackapi/bolt-js/issues/2509 for some 13,200 characters in all.
  const why = `The blocks have ${length} characters in total; Slack accepts about 13,200.`;
  throw new Refusal('msg_blocks_too_long', why, 'reference/methods/chat.postMessage');
}

/** Refuses a view that Slack would not open. */
export function checkView(value: unknown): void {
  attempt('invalid_arguments', () => {
    view(value, '/view');
    const { blocks, submit } = value as { blocks: Block[]; submit?: unknown };
    checkIds(blocks, '/view/blocks');
    const input = blocks.findIndex((each) => each.type === 'input');
    if (input >= 0 && !submit)
      throw new Misfit('/view', 'missing required field: submit', 'reference/views/modal-views');
  });
  checkSize(value, 'views.open');
}

/** Refuses a view that Slack would not publish in a Home tab. */
export function checkHome(value: unknown): void {
  attempt('invalid_arguments', () => {
    home(value, '/view');
    checkIds((value as { blocks: Block[] }).blocks, '/view/blocks');
  });
  checkSize(value, 'views.publish');
}

function checkSize(view: unknown, method: string): void {
  if (JSON.stringify(view).length <= 250_000) return;
  throw new Refusal('view_too_large', 'The view is greater than 250 kB.', `reference/methods/${method}`);
}

function attempt(error: string, check: () => void): void {
  try {
    check();
  } catch (misfit) {
    if (!(misfit instanceof Misfit)) throw misfit;
    throw new Refusal(error, misfit.message, misfit.page ?? 'reference/block-kit/blocks');
  }
}

/** Every block_id once in a surface, every action_id once in its block. */
function checkIds(blocks: Block[], at: string): void {
  const blockIds = new Set<string>();
  for (const [index, each] of blocks.entries()) {
    const pointer = `${at}/${index}`;
    if (each.block_id && blockIds.has(each.block_id)) {
      throw new Misfit(`${pointer}/block_id`, `"${each.block_id}" already exists`, page(each.type));
    }
    if (each.block_id) blockIds.add(each.block_id);
    const actionIds = elementsOf(each).flatMap((element) => element.action_id ?? []);
    const twice = actionIds.find((id, position) => actionIds.indexOf(id) !== position);
    if (twice) throw new Misfit(pointer, `action_id "${twice}" already exists`, page(each.type));
  }
}

/** One table to a message, and 10,000 characters in its cells. */
function checkTables(blocks: Block[], at: string): void {
  const tables = blocks.filter((each) => each.type === 'table' || each.type === 'data_table');
  if (tables.length > 1) throw new Misfit(at, 'only_one_table_allowed', tablePage);
  const length = characters(tables.map((table) => table.rows));
  if (length > 10_000) throw new Misfit(at, `the table's cells hold ${length} characters, 10,000 allowed`, tablePage);
}

function checkMarkdown(blocks: Block[], at: string): void {
  const length = characters(blocks.filter((each) => each.type === 'markdown').map((each) => each.text));
  if (length <= 12_000) return;
  throw new Misfit(at, `markdown blocks hold ${length} characters together, 12,000 allowed`, page('markdown'));
}

/** The characters of every string in there, but for the names of types and styles. */
function characters(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) => (name === 'type' || name === 'style' ? sum : sum + characters(each)),
    0,
  );
}

export interface Element {
  type: string;
  action_id?: string;
  [field: string]: unknown;
}

/** The elements of a block that a person can act on. */
export function elementsOf(block: Block): Element[] {
  if (block.type === 'actions') return block.elements as Element[];
  const one = block.type === 'section' ? block.accessory : block.type === 'input' ? block.element : undefined;
  return one && (one as Element).type !== 'image' ? [one as Element] : [];
}

let generated = 0;
const newId = () => `gen${(++generated).toString(36).padStart(4, '0')}`;

/** A copy with a block_id and action_ids where the app gave none, as Slack keeps it. */
export function withIds(blocks: Block[]): Block[] {
  return structuredClone(blocks).map((each) => {
    for (const element of elementsOf(each)) element.action_id ??= newId();
    return { ...each, block_id: each.block_id || newId() };
  });
}
