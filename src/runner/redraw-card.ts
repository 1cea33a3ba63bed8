import { describedBy } from '../issues/described.ts';
import { untrackedOf } from '../issues/untracked.ts';
import { known } from '../jira/reading.ts';
import { parseKey } from '../key.ts';
import { errorName } from '../log.ts';
import { markedCard, redrawnCard } from '../messages/card.ts';
import type { Doing } from '../messages/doing.ts';
import { issueCard } from '../messages/issue-card.ts';
import { type Notice, noticeBlock } from '../messages/notice.ts';
import { type Services, unclaimed } from '../services.ts';
import type { Message } from '../slack/message.ts';
import { escapeText } from '../slack/text.ts';
import type { Card } from './request.ts';

/** A card in a channel, which everybody there sees: its message, and the issue that it shows. */
type PostedCard = { channel: string; card: Exclude<Card, 'private'> };
type RedrawDeps = { tenant: string; services: Services };

/**
 * `shown`: the card shows the issue as it is now. `later`: Slack did not answer, or asks to wait. `no`: Slack refused to show or
 * change the card.
 */
type Redrawn = 'shown' | 'later' | 'no';

/** Redraws a card in a channel, keeping the rest of the message as it is now. `isDone`: the issue was changed. */
export async function redrawPosted(
  posted: PostedCard,
  { key, isDone }: { key: string; isDone: boolean },
  deps: RedrawDeps,
): Promise<Redrawn> {
  const issue = isDone ? await issueNow(key, deps) : undefined;
  return change(posted, (message) => redrawnCard(message, key, issue), deps);
}

/** Shows on a card in a channel what Maro is doing, unless it `isOver`. @returns whether the card may show it now. */
export async function markPosted(
  posted: PostedCard,
  doing: Doing,
  isOver: () => boolean,
  deps: RedrawDeps,
): Promise<boolean> {
  const changed = await change(posted, (message) => (isOver() ? undefined : markedCard(message, doing)), deps);
  return changed !== 'no';
}

async function change(
  { channel, card: { ts, threadTs } }: PostedCard,
  draw: (message: Message) => Message | undefined,
  { services: { slack } }: RedrawDeps,
): Promise<Redrawn> {
  const read = await slack.readMessage({ channel, threadTs }, ts);
  if (read.state !== 'done') return read.state === 'refused' ? 'no' : 'later';
  const message = read.value && draw(read.value);
  if (message === undefined) return 'no';
  const { state } = await slack.editMessage(channel, ts, message);
  return state === 'done' ? 'shown' : state === 'refused' ? 'no' : 'later';
}

/** The issue from the database, or else from Jira. Undefined if neither has it. */
async function issueNow(typed: string, { tenant, services: { jira, tracker, log } }: RedrawDeps) {
  const key = parseKey(typed);
  if (key === undefined || !jira.allows(key)) return undefined;
  try {
    const site = await known(jira.siteId());
    const stored = site.state === 'known' && (await tracker.storedIssue({ tenant, siteId: site.value, key }));
    if (stored) return stored;
    const reading = (await jira.read([key])).get(key);
    return reading?.state === 'shown' ? reading.issue : undefined;
  } catch (error) {
    log.warn({ error: errorName(error) }, 'the issue of a card could not be read');
    return undefined;
  }
}

/** Redraws a card that only one person sees, through its response_url, with a notice on top. @returns whether Slack took it. */
export async function redrawPrivate(
  { key, channel, responseUrl }: { key: string; channel: string; responseUrl: string },
  notice: Notice,
  { tenant, services }: RedrawDeps,
): Promise<boolean> {
  const context = unclaimed({ tenant, door: 'button', operation: key, services });
  try {
    const found = await describedBy(key, context);
    if ('because' in found) return false;
    const untracked = await untrackedOf([found.described.issue.key], channel, context);
    const { text, blocks = [] } = issueCard(found.described, { last: found.last, untracked });
    const message = { text: `${escapeText(notice.text)} ${text}`, blocks: [noticeBlock(notice), ...blocks] };
    return await services.slack.respond(responseUrl, { replace_original: true, ...message });
  } catch (error) {
    services.log.warn({ error: errorName(error) }, 'a card could not be redrawn');
    return false;
  }
}
