import { closestMatch } from 'leven';
import { parseKeys } from '../key.ts';
import type { Context, Deps } from '../services.ts';
import type { SlackClient } from '../slack/client.ts';
import { type Names, unnamedIn, withLinks } from '../slack/markup.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { unescaped } from '../unescaped.ts';
import { assign } from './commands/assign.ts';
import { board } from './commands/board.ts';
import { changes } from './commands/changes.ts';
import type { Answers, Command, CommandAnswer } from './commands/command.ts';
import { comment } from './commands/comment.ts';
import { doctor } from './commands/doctor.ts';
import { exportCsv } from './commands/export.ts';
import { find } from './commands/find.ts';
import { follow, importOnce, unfollow } from './commands/follow.ts';
import { help, start } from './commands/help.ts';
import { issuesMessage } from './commands/issues.ts';
import { link } from './commands/link.ts';
import { move } from './commands/move.ts';
import { parseCommand } from './commands/parse-command.ts';
import { priority } from './commands/priority.ts';
import { show } from './commands/show.ts';
import { track, untrack } from './commands/track.ts';
import { tracked } from './commands/tracked.ts';
import { unwatch, watch } from './commands/watch.ts';
import { where } from './commands/where.ts';

/** The slash command where Slack does not say by which name an installation has it. */
export const COMMAND_NAME = '/maro';

/** The commands, by their first words. */
const commands: Readonly<Record<string, Answers>> = {
  '': start,
  assign,
  board,
  changes,
  comment,
  doctor,
  export: exportCsv,
  find,
  follow,
  help,
  import: importOnce,
  link,
  list: tracked,
  move,
  priority,
  show,
  track,
  tracked,
  unfollow,
  untrack,
  unwatch,
  watch,
  where,
};

/** The first words of the commands that open a form, which only a slash command can do. */
export const FORM_COMMANDS: readonly string[] = ['create', 'stories', 'notify'];
/** The first words of all commands, among which a misspelled one is looked for. */
export const COMMANDS: readonly string[] = [...Object.keys(commands), ...FORM_COMMANDS].filter((verb) => verb !== '');
/** The most characters of an unknown command that are repeated. */
const LONGEST_VERB = 40;

/** Carries out a command and returns the answer to it. */
export async function answerTo(typed: Command, context: Context, deps: Deps): Promise<CommandAnswer> {
  const text = withLinks(typed.text, await namesIn(typed.text, deps.slack));
  const { verb, rest } = parseCommand(text);
  if (Object.hasOwn(commands, verb)) return (commands[verb] ?? help)(rest, typed, context, deps);
  return parseKeys(verb).some(({ key }) => key !== undefined)
    ? issuesMessage(text, typed.channel, context)
    : unknown(unescaped(verb), typed.command);
}

/** The names of the people and channels that the text of a command mentions by their ids alone. */
export function namesIn(text: string, slack: SlackClient): Promise<Names> {
  return slack.names(unnamedIn(text));
}

/** The answer to a command that Maro does not have. */
function unknown(verb: string, command: string): Message {
  const near = closestMatch(verb, COMMANDS, { maxDistance: 2 });
  const guess = near === undefined ? '' : ` Did you mean \`${command} ${near}\`?`;
  return {
    text: `Maro doesn’t know “${escapeText(truncate(verb, LONGEST_VERB))}”.${guess} \`${command} help\` lists every command.`,
  };
}
