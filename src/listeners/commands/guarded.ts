import { sentenceOf } from '../../function.ts';
import type { Context } from '../../services.ts';
import type { Message } from '../../slack/message.ts';
import { escapeText } from '../../slack/text.ts';

/** The answer that `act` returns. If `act` fails, a sentence about that; `what` names the command in the log. */
export async function guarded(what: string, context: Context, act: () => Promise<Message>): Promise<Message> {
  try {
    return await act();
  } catch (error) {
    return { text: escapeText(sentenceOf(error, what, context)) };
  }
}
