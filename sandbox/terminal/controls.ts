import type { RichTextBlock } from '@slack/types';
import type { Element } from '../slack/blocks.ts';
import { withEmoji } from '../slack/emoji.ts';
import type { Drawing } from './drawing.ts';
import { richText } from './rich-text.ts';
import { visible } from './visible.ts';

/** What a person picked or typed, as a view's `state.values` holds it. */
export type Picked = Record<string, unknown> | undefined;

type Option = { text: { text: string }; value: string };

/** A button, a menu or a field, with what is picked in it. */
export function control(element: Element, picked: Picked, drawing: Drawing): string {
  const { type } = element;
  if (type === 'button' || type === 'workflow_button') return button(labelOf(element), drawing);
  if (type === 'overflow') return button(`⋯ ${optionsOf(element).map(textOf).join(' | ')}`, drawing);
  if (type === 'checkboxes' || type === 'radio_buttons') return choices(element, picked);
  const rich = type === 'rich_text_input' ? (picked?.rich_text_value as RichTextBlock | null) : undefined;
  if (rich) return `[${richText(rich.elements, drawing).join(' ⏎ ')}]`;
  const typed = type.endsWith('_input') ? picked?.value : (chosen(picked) ?? initialOf(element));
  const shown = typed === undefined || typed === null || typed === '' ? placeholderOf(element) : visible(String(typed));
  return type.endsWith('_input') ? `[${shown}]` : `[${shown} ▾]`;
}

export function button(label: string, { ink }: Drawing): string {
  return ink.paint(`[${withEmoji(visible(label))}]`, 'bold');
}

/** The words on a button. */
export function labelOf({ text, placeholder }: Element): string {
  return ((text ?? placeholder) as { text?: string } | undefined)?.text ?? '';
}

export function optionsOf({ options, option_groups }: Element): Option[] {
  const groups = (option_groups ?? []) as { options: Option[] }[];
  return [...((options ?? []) as Option[]), ...groups.flatMap((group) => group.options)];
}

function choices(element: Element, picked: Picked): string {
  const held = [picked?.selected_options, picked?.selected_option].flat().map((option) => (option as Option)?.value);
  const [on, off] = element.type === 'checkboxes' ? ['☑', '☐'] : ['◉', '○'];
  return optionsOf(element)
    .map((option) => `${held.includes(option.value) ? on : off} ${textOf(option)}`)
    .join('  ');
}

/** The one value or the values of a menu: options by their words, people, channels and times as they are. */
function chosen(picked: Picked): string | undefined {
  const held = Object.entries(picked ?? {}).filter(([field, value]) => field !== 'type' && value !== null);
  const words = held
    .flatMap(([, value]) => value)
    .map((value) => (typeof value === 'object' ? textOf(value as Option) : String(value)));
  return words.length > 0 ? words.join(', ') : undefined;
}

/** What a menu shows before anybody picks. */
function initialOf({ initial_option }: Element): string | undefined {
  return initial_option === undefined ? undefined : textOf(initial_option as Option);
}

function placeholderOf(element: Element): string {
  return visible(labelOf(element)) || (element.type.endsWith('_input') ? '        ' : 'choose');
}

function textOf({ text }: Option): string {
  return withEmoji(visible(text.text));
}
