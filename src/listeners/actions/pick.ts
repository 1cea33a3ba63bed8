import { answeredMessage, chosenWords, parsePick, questionIn } from '../../messages/pick.ts';
import type { Pressed, Shown } from './pressed.ts';

/**
 * Chooses an issue for a step that waits for it. The first choice counts. The step draws the message once more, with the
 * issue's summary, so nothing is missing if this process dies.
 */
export async function pick({ value, user, message, context }: Pressed): Promise<Shown> {
  const asked = parsePick(value);
  if (asked === undefined) return 'nothing';
  if (asked.asked !== undefined && asked.asked !== user) return { error: `Only <@${asked.asked}> can choose here.` };
  const { tenant, services } = context;
  const { run, key } = asked;
  const made = await services.tracker.choose({ tenant, run, choice: key, by: user });
  switch (made.state) {
    case 'over':
      return { error: 'The time to choose is over, and the workflow went on.' };
    case 'chosen already':
      return { error: `<@${made.by}> chose ${made.choice} already.` };
    case 'chosen': {
      const question = questionIn(message?.blocks);
      return question === undefined ? 'nothing' : { replace: answeredMessage(question, chosenWords(user, key)) };
    }
  }
}
