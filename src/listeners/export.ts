import type { Filter } from '../filter.ts';
import type { StatusCategory } from '../issue.ts';
import { exported } from '../issues/export.ts';
import { contentOf, exportMessage, issueRows, type Table } from '../messages/export.ts';
import { footerOf, readWords } from '../messages/footer.ts';
import { countOf, headingFor, issuesOf, number } from '../messages/list.ts';
import type { Context } from '../services.ts';
import type { Message } from '../slack/message.ts';
import { plainMrkdwn } from '../slack/text.ts';
import { isoDayIn } from '../zone.ts';

/** The channel that a file is about, and the person who gets it. */
export type Export = { channel: string; user: string };

/**
 * Sends a part of the channel's list to the person as a file, and says so.
 * @throws {DatabaseTrouble}
 * @throws {Trouble} see `matchingOf`.
 */
export async function exportIssues(
  { category, filter }: { category: StatusCategory | undefined; filter?: Filter | undefined },
  to: Export,
  context: Context,
): Promise<Message> {
  const { tenant, services } = context;
  const { tracked, issues, leftOut } = await exported({ tenant, channel: to.channel, category, filter }, services);
  const total = countOf(tracked.counts, category);
  const isAll = category === undefined && filter === undefined;
  const title = isAll && total > 0 ? issuesOf(tracked.counts, category) : headingFor(tracked, category, total);
  const notes =
    leftOut === 0 ? [] : [`${leftOutWords(leftOut)} because Maro can’t show ${leftOut === 1 ? 'it' : 'them'}.`];
  if (issues.length === 0) return { text: plainMrkdwn([`${title}, so there is no file.`, ...notes].join(' ')) };
  const zone = (await services.slack.zone(to.user)) ?? 'UTC';
  const names = await services.slack.names([...new Set(issues.flatMap(({ trackedBy }) => trackedBy ?? []))]);
  const footer = footerOf(issues);
  const table = { title, name: await fileName('issues', to, zone, context), rows: issueRows(issues, zone, names) };
  return sendTable(table, to, notes, footer === undefined ? [] : readWords(footer), context);
}

/** Sends the table to the person. `asOf`: the time of the data, as mrkdwn. */
export async function sendTable(
  table: Table,
  { channel, user }: Export,
  notes: readonly string[],
  asOf: readonly string[],
  { services: { slack } }: Context,
): Promise<Message> {
  const comment = [`*${plainMrkdwn(table.title)}* in <#${channel}>`, ...asOf, ...notes].join(' · ');
  const file = { name: table.name, title: table.title, content: contentOf(table), comment };
  return exportMessage(table, await slack.sendFile(user, file), notes);
}

/** The file's name, such as `checkout-issues-2026-11-28.csv`. The channel is left out if Slack does not tell its name, or if it has none. */
export async function fileName(
  what: string,
  { channel }: Export,
  zone: string,
  { services: { slack } }: Context,
): Promise<string> {
  const names = /^[CG]/.test(channel) ? await slack.names([channel]) : undefined;
  const name = names?.get(channel)?.replace(/[^\p{L}\p{N}_-]/gu, '');
  return `${name ? `${name}-` : ''}${what}-${isoDayIn(zone, new Date())}.csv`;
}

function leftOutWords(count: number): string {
  return count === 1 ? '1 issue is left out,' : `${number(count)} issues are left out,`;
}
