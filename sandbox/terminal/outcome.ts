import type { RichTextBlock } from '@slack/types';
import type { Drawing } from './drawing.ts';
import { richText } from './rich-text.ts';
import { visible } from './visible.ts';

/** How a step ended. */
export type Outcome = {
  state: 'in_progress' | 'completed' | 'failed';
  outputs: Record<string, unknown>;
  error: string | undefined;
};

/** How a step ended, and its outputs as a table, in the order in which they are declared. */
export function drawOutcome(
  name: string,
  { state, outputs, error }: Outcome,
  declared: readonly string[],
  drawing: Drawing,
): string[] {
  const { ink } = drawing;
  if (state === 'failed') return [`${name} ${ink.paint('failed', 'bold', 'red')}: ${visible(error ?? '')}`];
  if (state === 'in_progress') return [`${name} is ${ink.paint('still in progress', 'bold', 'red')}`];
  const keys = [...new Set([...declared, ...Object.keys(outputs)])].filter((key) => Object.hasOwn(outputs, key));
  const width = Math.max(0, ...keys.map((key) => key.length));
  const rows = keys.flatMap((key) => {
    const [first = '', ...more] = linesOf(outputs[key], drawing);
    const shown = first === '' && more.length === 0 ? ink.paint('(empty)', 'dim') : first;
    return [`  ${key.padEnd(width)}  ${shown}`, ...more.map((line) => `  ${' '.repeat(width)}  ${line}`)];
  });
  return [`${name} ${ink.paint('completed', 'bold', 'green')}`, ...rows];
}

function linesOf(value: unknown, drawing: Drawing): string[] {
  if (isRichText(value)) return richText(value.elements, drawing);
  return visible(typeof value === 'object' ? JSON.stringify(value) : String(value)).split('\n');
}

function isRichText(value: unknown): value is RichTextBlock {
  return (value as { type?: unknown } | null)?.type === 'rich_text';
}
