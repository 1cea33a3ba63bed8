import type { Refusal } from '../slack/index.ts';
import type { Drawing } from './drawing.ts';
import { visible } from './visible.ts';

/** What Slack would not do: its own name for it, why, and the page that says so. */
export function drawRefusal(
  { error, why, document }: Refusal,
  whose: 'the act' | "Maro's",
  { ink }: Drawing,
): string[] {
  const what = whose === 'the act' ? 'Slack refuses this' : 'Slack refuses what Maro sent';
  return [
    `${ink.paint('✗', 'red')} ${what}: ${ink.paint(error, 'bold')}`,
    `  ${visible(why)}`,
    `  ${ink.paint(document, 'dim')}`,
  ];
}
