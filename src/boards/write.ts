import { createHash, randomUUID } from 'node:crypto';
import { nextDue } from '../issues/overdue.ts';
import { changesShown, listShown } from '../issues/visible.ts';
import { BOARD_ROWS, boardMessage } from '../messages/board.ts';
import type { Services } from '../services.ts';
import type { Message } from '../slack/message.ts';
import { SlackTrouble } from '../slack/trouble.ts';
import { type Board, HELD_SECONDS } from '../tracker/boards.ts';
import { dayIn, endOf, isoDayIn, momentIn } from '../zone.ts';

/** What writing boards needs: the installation, and the services. */
export type BoardDeps = { tenant: string; services: Pick<Services, 'jira' | 'tracker' | 'slack' | 'log'> };

/**
 * What became of a board's message. `unsure`: it may or may not have been written. `failed`: Slack refused it, and
 * `sentence` says why. `slow`: Slack asks Maro to wait. `isUnposted`: it is certain that there is no message.
 */
export type Written =
  | { state: 'written'; messageTs: string; isPosted: boolean }
  | { state: 'unsure' | 'failed'; sentence: string; isUnposted: boolean }
  | { state: 'slow'; ms: number; isUnposted: boolean };

/** The most changes of a day that are looked through for the marks. */
const MOST_CHANGES = 1_000;
/** The rest of the time for which a board is held is for storing what was done. */
const SEND_WITHIN_MS = (HELD_SECONDS - 30) * 1000;
/** A message whose answer was lost is not looked for any more after this time: Slack has it, or never got it. */
const ARRIVES_WITHIN_MS = 60_000;
/** How long a board rests after an attempt that failed. People can ask for it sooner. */
const REST_SECONDS = { failed: 3_600, unsure: 30 };

/** Writes what a channel tracks into the message of its board, which is held, stores it, and lets go of the board. */
export async function writeBoard(board: Board, deps: BoardDeps): Promise<Written> {
  const { tenant, services } = deps;
  const until = performance.now() + SEND_WITHIN_MS;
  const { message, content, staleAt } = await draw(board, deps);
  const isSame = board.messageTs !== undefined && content === board.content;
  const written = isSame ? same(board) : await send(board, message, until, deps);
  const { channel, holder } = board;
  const held = { tenant, channel, holder };
  if (written.state === 'written') {
    const drawn = { messageTs: written.messageTs, content, isEdited: !isSame, staleAt };
    await services.tracker.boardDrawn({ tenant, board, drawn });
  } else {
    const afterSeconds = written.state === 'slow' ? written.ms / 1000 : REST_SECONDS[written.state];
    await services.tracker.releaseBoard({ ...held, afterSeconds, isUnposted: written.isUnposted });
  }
  return written;
}

function same({ messageTs = '' }: Board): Written {
  return { state: 'written', messageTs, isPosted: false };
}

/** Draws a board from what is stored. `content` is a hash of it. `staleAt`: when the day ends whose changes it marks, or on which an issue is due. */
async function draw(
  { channel, zone, waitedSeconds }: Board,
  { tenant, services }: BoardDeps,
): Promise<{ message: Message; content: string; staleAt: Date | undefined }> {
  const now = new Date();
  const today = isoDayIn(zone, now);
  const since = { kind: 'time' as const, at: momentIn(zone, dayIn(zone, now)) };
  const [tracked, { changes }] = await Promise.all([
    listShown({ tenant, channel, category: undefined, limit: BOARD_ROWS, offset: 0, zone }, services),
    changesShown({ tenant, channel, since, limit: MOST_CHANGES }, services),
  ]);
  const { message, content } = boardMessage({ tracked, today: changes }, { lateSeconds: waitedSeconds });
  const seen = tracked.issues.filter((issue) => issue.visible);
  const lastDay = changes.length === 0 ? nextDue(seen, today) : today;
  const staleAt = lastDay === undefined ? undefined : endOf(zone, lastDay);
  return { message, content: createHash('sha256').update(content).digest('base64url'), staleAt };
}

/** Edits the message of the board. Only if it is gone, or was never posted, Maro posts one. */
async function send(board: Board, message: Message, until: number, deps: BoardDeps): Promise<Written> {
  const { slack } = deps.services;
  const messageTs = board.messageTs ?? (await earlier(board, deps));
  if (typeof messageTs === 'object') return messageTs;
  if (messageTs === undefined) return post(board, board.postId, message, until, deps);
  const reply = await slack.editMessage(board.channel, messageTs, message);
  switch (reply.state) {
    case 'done':
      return { state: 'written', messageTs, isPosted: false };
    case 'wait':
      return { state: 'slow', ms: reply.ms, isUnposted: false };
    case 'unanswered':
      return { state: 'unsure', sentence: UNEDITED, isUnposted: false };
    case 'refused':
      if (reply.code === 'message_not_found') return post(board, randomUUID(), message, until, deps);
      return { state: 'failed', sentence: refusedEdit(reply.code), isUnposted: false };
  }
}

/** The message that an earlier attempt posted, if Slack's answer to it was lost. Undefined: there is none. */
async function earlier(board: Board, { services }: BoardDeps): Promise<string | undefined | Written> {
  const { channel, postId, postingAgeMs } = board;
  if (postingAgeMs === undefined) return undefined;
  try {
    const found = await services.slack.findPosted({ channel }, postId, postingAgeMs);
    if (found !== undefined || postingAgeMs > ARRIVES_WITHIN_MS) return found?.ts;
    return { state: 'unsure', sentence: UNSURE, isUnposted: false };
  } catch (error) {
    if (!(error instanceof SlackTrouble)) throw error;
    return { state: 'unsure', sentence: UNSEEN, isUnposted: false };
  }
}

async function post(
  board: Board,
  postId: string,
  message: Message,
  until: number,
  { tenant, services }: BoardDeps,
): Promise<Written> {
  const { channel, holder } = board;
  if (!(await services.tracker.postingBoard({ tenant, channel, holder, postId }))) return TAKEN;
  const begin = () => {
    if (performance.now() > until) throw new TooLate();
  };
  try {
    const { ts } = await services.slack.postMessage({ channel }, message, { id: postId, begin });
    return { state: 'written', messageTs: ts, isPosted: true };
  } catch (error) {
    if (error instanceof TooLate) return TAKEN;
    if (!(error instanceof SlackTrouble)) throw error;
    if (error.isDoubtful) return { state: 'unsure', sentence: UNSURE, isUnposted: false };
    if (error.waitMs !== undefined) return { state: 'slow', ms: error.waitMs, isUnposted: true };
    return { state: 'failed', sentence: error.message, isUnposted: true };
  }
}

/** Another process may work on the board by now. */
class TooLate extends Error {
  override name = 'TooLate';
}

const TAKEN: Written = {
  state: 'unsure',
  sentence: 'The board is being written. Look again in a minute.',
  isUnposted: false,
};
const UNEDITED = 'Slack didn’t answer in time, so the board may be old. Maro tries again.';
const UNSURE =
  'Slack didn’t answer in time, so the board may or may not be there. Maro looks for it, and doesn’t post a second one.';
const UNSEEN =
  'Slack didn’t confirm the board and doesn’t let Maro look for it. If it isn’t in the channel, type /maro board hide, and then /maro board.';

/** What Slack's error codes mean for a board. https://docs.slack.dev/reference/methods/chat.update/#errors */
const EDIT_REFUSED: Readonly<Record<string, string>> = {
  channel_not_found: 'Maro can’t see this channel anymore, so the board is old. Invite it with /invite @Maro.',
  not_in_channel: 'Maro isn’t in this channel anymore, so the board is old. Invite it with /invite @Maro.',
  is_inactive: 'The channel is archived, so the board stays as it is.',
  edit_window_closed:
    'This workspace doesn’t let Maro edit old messages, so the board is old. An admin can allow it. Or type /maro board hide, and then /maro board.',
};

function refusedEdit(code: string): string {
  return EDIT_REFUSED[code] ?? `Slack refused to change the board (code ${code}), so it is old. Tell your Maro admin.`;
}
