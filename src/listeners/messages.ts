import type { App } from '@slack/bolt';
import type { Deliveries } from '../deliveries.ts';
import { sentenceOf } from '../function.ts';
import { acceptSurely } from '../ledger/accept.ts';
import { givenUp, type Kind } from '../ledger/index.ts';
import { helpMessage } from '../messages/help.ts';
import { mentionsIn } from '../messages/mentions.ts';
import { type Context, claimed, type Deps, unclaimed } from '../services.ts';
import type { Message } from '../slack/message.ts';
import { escapeText } from '../slack/text.ts';
import { answerTo, COMMAND_NAME, COMMANDS, FORM_COMMANDS } from './answer-command.ts';
import type { CommandAnswer } from './commands/command.ts';
import { issuesMessage } from './commands/issues.ts';
import { parseCommand } from './commands/parse-command.ts';

/** The kind of ledger run for a message that a person wrote to Maro. */
export const MESSAGE = 'message';

/** A message that a person wrote to Maro, without its mention of Maro. `isDirect`: in their direct messages with Maro. */
type ToMaro = {
  text: string;
  channel: string;
  user: string;
  ts: string;
  threadTs: string | undefined;
  isDirect: boolean;
};

const FORMS_NEED_COMMAND =
  'To open the form, type `/maro create`, `/maro stories`, or `/maro notify` here or in a channel.';
const NOT_UNDERSTOOD = 'Sorry, Maro didn’t understand that.';
const GREETINGS = new Set(['', 'help', 'hello', 'hi', 'hey']);

/**
 * Registers the listeners for messages to Maro: mentions in channels, and direct messages. Maro takes such a message as it takes
 * a command, and answers it once, however often Slack delivers the event. The answer to a mention is shown to its author alone.
 */
export function registerMessages(
  app: App,
  { deliveries, botUserId, ...deps }: Deps & { deliveries: Deliveries; botUserId: string },
): void {
  const take = async (event: unknown): Promise<void> => {
    const message = parseMessage(event, botUserId);
    if (message === undefined) return;
    const { tenant, ledger, services } = deps;
    const run = { id: `message ${message.channel} ${message.ts}`, kind: MESSAGE, door: 'message', inputs: message };
    // Bolt has acknowledged the event, so only this process has it.
    const acceptance = await acceptSurely(ledger, run, { isOnly: true, isOver: () => deliveries.draining });
    if (acceptance === 'over') return;
    if (acceptance instanceof Error) {
      const context = unclaimed({ tenant, door: 'message', operation: run.id, services });
      await tell(message, { text: escapeText(sentenceOf(acceptance, 'message', context)) }, deps);
    } else if (acceptance.state === 'ours') await ledger.bringToEnd(acceptance.run);
  };
  app.event('app_mention', ({ event }) => take(event));
  app.event('message', ({ event }) => take(event));
}

/** How the ledger answers a message to Maro. Answering twice does no harm. */
export function messageKind(deps: Deps): Kind {
  const { tenant, services } = deps;
  return {
    keeps: true,
    async run(run, lease) {
      // What the message asks for may be a run of its own, with the operation's id.
      const operation = `${run.id} command`;
      const context: Context = { tenant, door: 'message', operation, ...claimed(run, lease), services };
      const answer = await answerOf(run.inputs as ToMaro, context, deps);
      if (answer === 'posted') return { outcome: {}, failed: false, told: true };
      return { outcome: { message: answer }, failed: false, told: false };
    },
    giveUp: () => ({ message: { text: givenUp('Check before you write it again') } }),
    // Without a message, the card in the channel is the answer.
    async tell({ inputs }, { message }) {
      return message === undefined || (await tell(inputs as ToMaro, message as Message, deps));
    },
  };
}

async function answerOf({ text, channel, user }: ToMaro, context: Context, deps: Deps): Promise<CommandAnswer> {
  const { verb } = parseCommand(text);
  if (GREETINGS.has(verb)) return helpMessage(COMMAND_NAME);
  if (FORM_COMMANDS.includes(verb)) return { text: FORMS_NEED_COMMAND };
  if (COMMANDS.includes(verb))
    return answerTo({ command: COMMAND_NAME, text, channel, user, team: undefined }, context, deps);
  const mentions = mentionsIn({ text });
  if (mentions.length > 0) return issuesMessage(mentions.join(' '), channel, context);
  return { text: `${NOT_UNDERSTOOD} ${helpMessage(COMMAND_NAME).text}` };
}

/**
 * Sends the answer: in direct messages to the conversation, elsewhere to the author alone, where the message stands.
 * If Slack does not take it there, it goes to the author's direct messages.
 * @returns false when Slack takes it in neither place.
 */
async function tell(to: ToMaro, message: Message, { slack }: Deps): Promise<boolean> {
  const { channel, user, threadTs, isDirect } = to;
  const place = { channel, threadTs };
  try {
    if (isDirect) await slack.postMessage(place, message);
    else await slack.postEphemeral(place, user, message);
    return true;
  } catch {
    return slack.postMessage({ channel: user }, message).then(
      () => true,
      () => false,
    );
  }
}

/**
 * The message in an `app_mention` or `message` event; undefined if Maro does not answer it: a message of an app, a change of an
 * earlier message, or one in a channel that does not mention Maro.
 * https://docs.slack.dev/reference/events/app_mention and https://docs.slack.dev/reference/events/message.im
 */
function parseMessage(event: unknown, botUserId: string): ToMaro | undefined {
  const fields = (event ?? {}) as Record<string, unknown>;
  const { type, subtype, channel_type, bot_id, user, channel, text, ts, thread_ts } = fields;
  const isDirect = type === 'message' && channel_type === 'im';
  if (!isDirect && type !== 'app_mention') return undefined;
  if (bot_id !== undefined || user === botUserId || (subtype !== undefined && subtype !== 'file_share'))
    return undefined;
  if (typeof user !== 'string' || typeof channel !== 'string' || typeof ts !== 'string') return undefined;
  const words = typeof text === 'string' ? text.replaceAll(`<@${botUserId}>`, ' ').trim() : '';
  return { text: words, channel, user, ts, threadTs: typeof thread_ts === 'string' ? thread_ts : undefined, isDirect };
}
