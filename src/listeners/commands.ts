import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import type { Deliveries } from '../deliveries.ts';
import { acceptSurely } from '../ledger/accept.ts';
import { type Acceptance, type Finish, givenUp, type Kind } from '../ledger/index.ts';
import { type Context, claimed, type Deps, unclaimed } from '../services.ts';
import type { SlackClient } from '../slack/client.ts';
import { plainText } from '../slack/markup.ts';
import type { Message } from '../slack/message.ts';
import { within } from '../within.ts';
import { answerTo, namesIn } from './answer-command.ts';
import { openingOf } from './command-forms.ts';
import type { Command, CommandAnswer } from './commands/command.ts';
import { parseCommand } from './commands/parse-command.ts';

/** Slack requires an acknowledgement within 3,000 ms of a command. A later answer goes to the command's response_url. */
const ANSWER_WITHIN_MS = 2_000;

/** A command that was not answered in time, and the response_url that takes its answer. */
type LateCommand = Command & { responseUrl: string; operation: string };

/** The kind of ledger run for a command that is answered late. */
export const COMMAND = 'command';
/** How long a form waits for the names of the people in its text. The trigger_id that opens it expires after 3,000 ms. */
const NAMES_WITHIN_MS = 1_000;
/** The time that Slack's three seconds leave for storing a late command. */
const STORE_WITHIN_MS = 400;

const LATE = 'Jira is slow right now. The answer will appear here in a moment.';
const LATE_EXPORT = 'Maro is writing the file. The answer will appear here in a moment.';
const UNSTORED =
  'Maro’s database isn’t answering. If no answer appears here or in a direct message within a minute, type it again.';

/** Registers the listener for the slash command, which the manifest names. Only the person who typed the command sees the answer. */
export function registerCommands(app: App, { deliveries, ...deps }: Deps & { deliveries: Deliveries }): void {
  const { tenant, services } = deps;
  app.command(/./, async ({ command: slash, ack }) => {
    const opened = openingOf(slash.text ?? '');
    if (opened !== undefined) {
      await ack();
      const { trigger_id: triggerId, user_id: user, response_url: responseUrl } = slash;
      const origin = { request: randomUUID(), user, channel: slash.channel_id, responseUrl };
      const names = await within(NAMES_WITHIN_MS, namesIn(slash.text ?? '', deps.slack));
      const words = plainText(parseCommand(slash.text ?? '').rest, names ?? new Map());
      return void (await opened({ triggerId, user, responseUrl, typed: [words] }, origin, words, deps));
    }
    const context = unclaimed({ tenant, door: 'command', operation: randomUUID(), services });
    const command = {
      command: slash.command,
      text: slash.text ?? '',
      channel: slash.channel_id,
      user: slash.user_id,
      team: slash.team_id,
    };
    const answer = answerTo(command, context, deps);
    const inTime = await within(ANSWER_WITHIN_MS, answer);
    if (inTime === 'posted') return ack();
    if (inTime !== undefined) return ack(privately(inTime));
    const late = { ...command, responseUrl: slash.response_url, operation: context.operation };
    const delivery = { ack: (text: string) => ack(privately({ text })), isOver: () => deliveries.draining };
    await answerLate(late, answer, delivery, deps);
  });
}

/**
 * Acknowledges a late command and sends its answer to the response_url. If the command could be stored as a run and this
 * process dies, another process carries out the command and answers it. `isOver` tells whether this process is shutting down.
 */
async function answerLate(
  late: LateCommand,
  answer: Promise<CommandAnswer>,
  { ack, isOver }: { ack(text: string): Promise<void>; isOver(): boolean },
  { slack, ledger }: Deps,
): Promise<void> {
  const run = { id: `${late.operation} command`, kind: COMMAND, door: 'command', inputs: late };
  const accepting = acceptSurely(ledger, run, { isOnly: true, isOver });
  const inTime = await within(STORE_WITHIN_MS, accepting);
  await ack(inTime !== undefined && isStored(inTime) ? lateWords(late) : UNSTORED);
  const acceptance = await accepting;
  if (isStored(acceptance) && acceptance.state === 'ours') {
    return ledger.bringToEnd(acceptance.run, answer.then(asFinish));
  }
  const message = await answer;
  if (message !== 'posted') await tell(late, message, slack);
}

function lateWords({ text }: LateCommand): string {
  return parseCommand(text).verb === 'export' ? LATE_EXPORT : LATE;
}

function isStored(acceptance: Acceptance | Error | 'over'): acceptance is Acceptance {
  return typeof acceptance === 'object' && !(acceptance instanceof Error);
}

function asFinish(answer: CommandAnswer): Finish {
  if (answer === 'posted') return { outcome: {}, failed: false, told: true };
  return { outcome: { message: answer }, failed: false, told: false };
}

/** How the ledger carries out a late command and answers it. Carrying out a command twice does no harm. */
export function commandKind(deps: Deps): Kind {
  const { tenant, slack, services } = deps;
  return {
    keeps: false,
    async run(run, lease) {
      const late = run.inputs as LateCommand;
      const context: Context = { tenant, door: 'command', operation: late.operation, ...claimed(run, lease), services };
      return asFinish(await answerTo(late, context, deps));
    },
    giveUp: () => ({ message: { text: givenUp('Check before you type it again') } }),
    // Without a message, the card in the channel is the answer.
    async tell({ inputs }, { message }) {
      return message === undefined || (await tell(inputs as LateCommand, message as Message, slack));
    },
  };
}

/**
 * Sends an answer to the response_url, or as a direct message when Slack refuses the response_url.
 * @returns false when Slack accepts neither.
 */
async function tell({ responseUrl, user }: LateCommand, message: Message, slack: SlackClient): Promise<boolean> {
  if (await slack.respond(responseUrl, { ...privately(message), replace_original: false })) return true;
  return slack.postMessage({ channel: user }, message).then(
    () => true,
    () => false,
  );
}

function privately(message: Message) {
  return { response_type: 'ephemeral' as const, ...message };
}
