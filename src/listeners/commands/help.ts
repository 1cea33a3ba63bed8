import { button } from '../../messages/blocks.ts';
import { helpMessage } from '../../messages/help.ts';
import { encodeView } from '../../messages/list.ts';
import { type ModalView, sentenceView, words } from '../../messages/views.ts';
import type { Answers } from './command.ts';

/** Says what people can do. */
export const help: Answers = async (_rest, { command }) => helpMessage(command);

/** The same, under buttons for what people do most. */
export const start: Answers = async (_rest, { command }) => {
  const { text } = helpMessage(command);
  const elements = [
    button('list:newer', 'Show the list', encodeView({ category: undefined, offset: 0 })),
    button('open:track', 'Track issues', 'track'),
    button('open:create', 'Create an issue', 'create'),
  ];
  return { text, blocks: [{ type: 'actions', elements }, words(text)] };
};

/** The same as `helpMessage`, as a view. */
export function helpView(command: string): ModalView {
  return sentenceView('How to use Maro', helpMessage(command).text);
}
