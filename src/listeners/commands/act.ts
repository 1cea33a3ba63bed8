import { actedText } from '../../messages/acted.ts';
import { typedMessage } from '../../messages/typed.ts';
import { outputsOf } from '../../runner/receipt.ts';
import type { Context, Deps } from '../../services.ts';
import type { Command, CommandAnswer } from './command.ts';
import { answerOnce } from './once.ts';

/**
 * Carries out a command that acts on one issue, as a run of one function. `words` are what the person wrote that must not get
 * lost: if the run fails, the answer gives them back.
 */
export function act(
  callbackId: string,
  inputs: Readonly<Record<string, unknown>>,
  { user }: Command,
  context: Context,
  deps: Deps,
  words?: string,
): Promise<CommandAnswer> {
  return answerOnce(
    { workflow: callbackId, inputs: { ...inputs, user_id: user } },
    (outcome) => ({ text: actedText(callbackId, outputsOf(outcome)) ?? '' }),
    context,
    deps,
    words === undefined ? undefined : (sentence) => typedMessage(sentence, words),
  );
}
