import { changesShown } from '../../issues/visible.ts';
import { changeRows } from '../../messages/export.ts';
import { number } from '../../messages/list.ts';
import { changesIn, sinceWords } from '../../messages/news.ts';
import type { Context } from '../../services.ts';
import type { Message } from '../../slack/message.ts';
import { isoIn } from '../../zone.ts';
import { exportIssues, fileName, sendTable } from '../export.ts';
import { parseFilter } from '../filter.ts';
import { parsePeriod } from '../period.ts';
import { PERIODS } from './changes.ts';
import type { Answers, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { misunderstood } from './misunderstood.ts';
import { parseCommand } from './parse-command.ts';

/** The most changes in a file. */
const MOST_CHANGES = 10_000;

/** Sends the channel's list, a part of it, or what changed in it to the person as a file. */
export const exportCsv: Answers = async (rest, command, context) => {
  const { verb, rest: period } = parseCommand(rest);
  return verb === 'changes'
    ? exportChanges(period, command, context)
    : exportList(parseCommand(command.text).rest, command, context);
};

async function exportList(words: string, command: Command, context: Context): Promise<Message> {
  const part = parseFilter(words, command.user);
  if (part.state !== 'understood') return misunderstood(part, `${command.command} export`);
  return guarded('export', context, () => exportIssues(part, command, context));
}

async function exportChanges(typed: string, command: Command, context: Context): Promise<Message> {
  const { channel, user } = command;
  const { tenant, services } = context;
  const zone = (await services.slack.zone(user)) ?? 'UTC';
  const period = typed === '' ? undefined : parsePeriod(typed, zone, new Date());
  if (typed !== '' && period === undefined)
    return { text: `Maro knows \`${command.command} export changes\` ${PERIODS}` };
  const since = period === undefined ? { kind: 'visit' as const, user } : { kind: 'time' as const, at: period.since };
  return guarded('export', context, async () => {
    const found = await changesShown({ tenant, channel, since, limit: MOST_CHANGES }, services);
    const changes = found.changes.filter(({ summary }) => summary !== '');
    const when = period?.words ?? (found.isFirst ? sinceWords(found.since, true) : 'since you last looked');
    const title = `${found.total === 0 ? 'No changes' : changesIn(changes.length)} ${when}`;
    const hidden = found.changes.length - changes.length;
    const older = found.total - found.changes.length;
    const notes = [
      ...(hidden === 0
        ? []
        : [`${changesIn(hidden)} of issues that Maro can’t show ${hidden === 1 ? 'is' : 'are'} left out.`]),
      ...(older === 0 ? [] : [`${number(older)} older changes are left out.`]),
    ];
    if (changes.length === 0) return { text: [`${title}, so there is no file.`, ...notes].join(' ') };
    const names = await services.slack.names([...new Set(changes.flatMap((change) => change.user ?? []))]);
    const table = {
      title,
      name: await fileName('changes', command, zone, context),
      rows: changeRows(changes, zone, names),
    };
    return sendTable(table, command, notes, [`As of ${isoIn(zone, new Date())}`], context);
  });
}
