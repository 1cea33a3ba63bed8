import type { View } from '../slack/index.ts';
import { drawBlocks } from './blocks.ts';
import { button } from './controls.ts';
import type { Drawing } from './drawing.ts';
import { visible } from './visible.ts';

type Words = { text: string } | null | undefined;

/** The words on the button that submits a view; undefined when it has none. */
export function submitLabel(view: View): string | undefined {
  return (view.submit as Words)?.text;
}

/** The words on the button that closes a view. Slack: "Close" when there is nothing to submit, else "Cancel". */
export function closeLabel(view: View): string {
  return (view.close as Words)?.text ?? (view.submit ? 'Cancel' : 'Close');
}

/** A view as a box, with its buttons; open on the right, where terminals do not agree on how wide a character is. */
export function drawView(view: View, drawing: Drawing): string[] {
  const buttons = [closeLabel(view), submitLabel(view)].filter((label) => label !== undefined);
  return [
    `┌─ ${drawing.ink.paint(visible(view.title.text), 'bold')} ${'─'.repeat(Math.max(4, 40 - view.title.text.length))}`,
    ...drawBlocks(view.blocks, drawing, view.state.values).map((line) => `│ ${line}`),
    `└─ ${buttons.map((label) => button(label, drawing)).join(' ')}`,
  ];
}
