import type { Element } from '../../slack/blocks.ts';
import type { SuggestedOption as Option } from '../protocol.ts';

/** What an element holds: a text, an option, an id, or several of them. */
export type Value = string | Option | null | (string | Option)[];

const OPTION = /^(static_select|external_select|radio_buttons)$/;
const OPTIONS = /^(multi_static_select|multi_external_select|checkboxes)$/;

export function isMany({ type }: Element): boolean {
  return type.startsWith('multi_') || type === 'checkboxes';
}

/** What an element begins with. */
export function initialOf(element: Element): Value {
  const name = Object.keys(element).find((each) => each.startsWith('initial_'));
  const value = name === undefined ? undefined : element[name];
  if (value === undefined) return isMany(element) ? [] : OPTION.test(element.type) ? null : '';
  return (typeof value === 'number' ? String(value) : value) as Value;
}

/** What an element holds, from a view's state. */
export function heldBy(element: Element, pick: Record<string, unknown> | undefined): Value {
  const value = Object.entries(pick ?? {}).find(([name]) => name !== 'type')?.[1];
  if (value === null || value === undefined) return initialOf(element);
  return (typeof value === 'number' ? String(value) : value) as Value;
}

/** How a value is named when somebody picks it: options by their value, those of the app's own making whole. */
export function wireOf({ type }: Element, value: Value): unknown {
  const named = (each: string | Option) => (typeof each === 'string' || type.includes('external') ? each : each.value);
  if (Array.isArray(value)) return value.map(named);
  return value === null ? undefined : OPTION.test(type) || OPTIONS.test(type) ? named(value) : value;
}
