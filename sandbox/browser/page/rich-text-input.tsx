import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import { useEffect, useRef } from 'react';
import { emojiOf } from '../../slack/emoji.ts';
import { get } from './store.ts';

type Part = RichTextBlockElement;
type Style = Record<string, boolean>;
type Props = {
  value: unknown;
  change(value: RichTextBlock | null): void;
  named: Record<string, string | boolean | undefined>;
};

/** How the browser calls what its selection becomes. */
const TOOLS: readonly (readonly [label: string, sign: string, command: string, argument?: string])[] = [
  ['Bold', 'B', 'bold'],
  ['Italic', 'I', 'italic'],
  ['Strikethrough', 'S', 'strikeThrough'],
  ['Bulleted list', '•', 'insertUnorderedList'],
  ['Numbered list', '#', 'insertOrderedList'],
  ['Quote', '❝', 'formatBlock', 'blockquote'],
  ['Code block', '{ }', 'formatBlock', 'pre'],
];
const STYLE_OF: Record<string, string> = {
  B: 'bold',
  STRONG: 'bold',
  I: 'italic',
  EM: 'italic',
  S: 'strike',
  STRIKE: 'strike',
  CODE: 'code',
};
const TAG_OF: Record<string, string> = { bold: 'b', italic: 'i', strike: 's', code: 'code' };

const BLOCKS = 'ul, ol, pre, blockquote';

/** Slack's editor for formatted text. What nobody touches stays as the app gave it. */
export function RichTextInput({ value, change, named }: Props) {
  const editor = useRef<HTMLDivElement>(null);
  const mine = useRef<unknown>(undefined);
  useEffect(() => {
    if (editor.current === null || value === mine.current) return;
    mine.current = value;
    const { elements = [] } = (value || {}) as Partial<RichTextBlock>;
    editor.current.replaceChildren(...elements.flatMap(drawn));
  }, [value]);
  function read(): void {
    if (editor.current === null) return;
    const elements = readParts(editor.current);
    mine.current = elements.length === 0 ? null : { type: 'rich_text', elements };
    change(mine.current as RichTextBlock | null);
  }
  return (
    <div className="rich-input">
      <div className="tools" role="toolbar" aria-label="Formatting">
        {TOOLS.map(([label, sign, command, argument]) => (
          <button
            key={label}
            type="button"
            aria-label={label}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              editor.current?.focus();
              // Deprecated, and what every browser has: there is no other way to format a selection.
              document.execCommand(command, false, argument);
              read();
            }}
          >
            {sign}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: no element of HTML holds formatted text */}
      <div ref={editor} role="textbox" tabIndex={0} aria-multiline contentEditable {...named} onInput={read} />
    </div>
  );
}

function drawn(part: Part): HTMLElement[] {
  if (part.type === 'rich_text_list') {
    const list = document.createElement(part.style === 'ordered' ? 'ol' : 'ul');
    list.dataset.indent = String(part.indent ?? 0);
    for (const { elements } of part.elements) {
      const item = document.createElement('li');
      item.append(...elements.flatMap(inline));
      list.append(item);
    }
    return [list];
  }
  const tags = { rich_text_quote: 'blockquote', rich_text_preformatted: 'pre', rich_text_section: 'div' } as const;
  const block = document.createElement(tags[part.type]);
  block.append(...(part.elements as RichTextElement[]).flatMap(inline));
  return [block];
}

function inline(element: RichTextElement): Node[] {
  const style = (element.style ?? {}) as Style;
  const nodes = element.type === 'text' ? lines(element.text) : [chip(element)];
  const tags = Object.keys(TAG_OF).filter((name) => style[name]);
  let styled = nodes;
  for (const name of tags) {
    const outer = document.createElement(TAG_OF[name] as string);
    outer.append(...styled);
    styled = [outer];
  }
  return styled;
}

function lines(text: string): Node[] {
  return text
    .split('\n')
    .flatMap((line, index) => [...(index === 0 ? [] : [document.createElement('br')]), document.createTextNode(line)]);
}

/** A mention, a link or an emoji, which is there or gone as a whole. */
function chip(element: RichTextElement): HTMLElement {
  const span = document.createElement('span');
  span.className = 'mention';
  span.contentEditable = 'false';
  span.dataset.element = JSON.stringify(element);
  const { users = [] } = get().workspace ?? {};
  span.textContent =
    element.type === 'user'
      ? `@${users.find(({ id }) => id === element.user_id)?.name ?? element.user_id}`
      : element.type === 'link'
        ? (element.text ?? element.url)
        : element.type === 'emoji'
          ? emojiOf(element)
          : element.type;
  return span;
}

/** What stands in the editor, as Slack has it. */
function readParts(root: HTMLElement): Part[] {
  const parts: Part[] = [];
  let words: RichTextElement[] = [];
  const endSection = () => {
    const elements = joined(words);
    if (elements.length > 0) parts.push({ type: 'rich_text_section', elements });
    words = [];
  };
  for (const node of blocksIn(root)) {
    const { tagName = '' } = node as HTMLElement;
    if (/^(UL|OL|PRE|BLOCKQUOTE)$/.test(tagName)) {
      endSection();
      parts.push(...readBlock(node as HTMLElement));
    } else {
      if (/^(DIV|P)$/.test(tagName) && words.length > 0) words.push({ type: 'text', text: '\n' });
      words.push(...readInline(node, {}));
    }
  }
  endSection();
  return parts;
}

/** Browsers put lists and quotes into the line in which they were begun. */
function blocksIn(root: HTMLElement): Node[] {
  return [...root.childNodes].flatMap((node) => {
    const holds = node instanceof HTMLElement && /^(DIV|P)$/.test(node.tagName) && node.querySelector(BLOCKS) !== null;
    return holds ? blocksIn(node) : [node];
  });
}

function readBlock(block: HTMLElement): Part[] {
  const { tagName } = block;
  if (/^[UO]L$/.test(tagName)) {
    const items = [...block.children].map((item) => ({
      type: 'rich_text_section' as const,
      elements: joined([...item.childNodes].flatMap((node) => readInline(node, {}))),
    }));
    const indent = Number(block.dataset.indent ?? 0);
    const style = tagName === 'OL' ? ('ordered' as const) : ('bullet' as const);
    return items.length === 0 ? [] : [{ type: 'rich_text_list', style, indent, elements: items }];
  }
  const elements = joined([...block.childNodes].flatMap((node) => readInline(node, {})));
  if (elements.length === 0) return [];
  if (tagName === 'BLOCKQUOTE') return [{ type: 'rich_text_quote', elements }];
  const text = elements.map((element) => ('text' in element ? element.text : '')).join('');
  return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }];
}

function readInline(node: Node, style: Style): RichTextElement[] {
  const styled = Object.keys(style).length === 0 ? {} : { style };
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? '';
    return text === '' ? [] : [{ type: 'text', text: text.replaceAll('\u00a0', ' '), ...styled }];
  }
  if (!(node instanceof HTMLElement)) return [];
  if (node.dataset.element !== undefined) return [JSON.parse(node.dataset.element) as RichTextElement];
  if (node.tagName === 'BR') return [{ type: 'text', text: '\n' }];
  const name = STYLE_OF[node.tagName];
  const own = name === undefined ? style : { ...style, [name]: true };
  return [...node.childNodes].flatMap((child) => readInline(child, own));
}

/** Neighbours of the same style as one, without the break with which a browser ends a line. */
function joined(elements: readonly RichTextElement[]): RichTextElement[] {
  const whole: RichTextElement[] = [];
  for (const element of elements) {
    const last = whole.at(-1);
    const same =
      last?.type === 'text' && element.type === 'text' && JSON.stringify(last.style) === JSON.stringify(element.style);
    if (same) whole[whole.length - 1] = { ...last, text: last.text + element.text };
    else whole.push(element);
  }
  const last = whole.at(-1);
  if (last?.type !== 'text') return whole;
  const text = last.text.replace(/\n$/, '');
  return text === '' ? whole.slice(0, -1) : [...whole.slice(0, -1), { ...last, text }];
}
