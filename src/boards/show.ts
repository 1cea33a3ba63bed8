import { randomUUID } from 'node:crypto';
import type { Reply } from '../slack/edit.ts';
import { permalink } from '../slack/permalink.ts';
import type { Board } from '../tracker/boards.ts';
import { type BoardDeps, type Written, writeBoard } from './write.ts';

/** The board of a channel that a person or a workflow asked for. */
export type Shown =
  | {
      state: 'shown';
      link: string;
      /** Whether it was posted just now. */
      isNew: boolean;
      /** What the board has to do without, in sentences. */
      notes: string[];
    }
  /** It is not in the channel, or not up to date. The sentence says why. */
  | { state: 'not shown'; sentence: string };

/** The title of the bookmark. */
const TITLE = 'Issues';
/** The id of a bookmark that Slack did not confirm, which must not be added twice. */
const UNCONFIRMED = 'unconfirmed';
const BUSY = 'Maro is writing the board right now. It appears here in a moment.';
const SLOW = 'Slack asked Maro to slow down. The board appears here in a moment.';
/** A busy board is drawn again after this time. */
const AGAIN_SECONDS = 5;

/** Shows the board of a channel: edits its message, or posts and pins one, with a bookmark. `user`: whose day "today" is. */
export async function showBoard(
  { channel, user }: { channel: string; user: string | undefined },
  deps: BoardDeps,
): Promise<Shown> {
  const { tenant, services } = deps;
  const { slack, tracker } = services;
  const zone = user === undefined ? undefined : await slack.zone(user);
  const taken = await tracker.takeBoard({ tenant, channel, holder: randomUUID(), zone, state: 'shown' });
  if (taken === 'busy') {
    await tracker.queueBoards({ tenant, afterSeconds: AGAIN_SECONDS });
    return { state: 'not shown', sentence: BUSY };
  }
  const { board } = taken;
  // A message that was deleted is only noticed by an edit.
  const written = await writeBoard({ ...board, content: undefined }, deps);
  if (written.state !== 'written') return notShown(written, deps);
  const { messageTs } = written;
  const link = permalink(slack.workspaceUrl(), channel, messageTs);
  const isPinned = board.pinnedTs === messageTs;
  const pin = isPinned ? DONE : await slack.pinMessage(channel, messageTs);
  const { bookmark, bookmarkId } = await addBookmark(board, { title: TITLE, link }, written, deps);
  const pinnedTs = pin.state === 'done' ? messageTs : undefined;
  if (!isPinned || bookmarkId !== board.bookmarkId) {
    await tracker.keepPins({ tenant, channel, bookmarkId, pinnedTs });
  }
  const notes = [...noteOf(pin, 'pin', PIN_REFUSED), ...noteOf(bookmark, 'bookmark', BOOKMARK_REFUSED)];
  return { state: 'shown', link, isNew: written.isPosted, notes };
}

async function notShown(
  written: Exclude<Written, { state: 'written' }>,
  { tenant, services }: BoardDeps,
): Promise<Shown> {
  if (written.state !== 'slow') return { state: 'not shown', sentence: written.sentence };
  await services.tracker.queueBoards({ tenant, afterSeconds: written.ms / 1000 });
  return { state: 'not shown', sentence: SLOW };
}

const DONE: Reply = { state: 'done', value: undefined };

/** Adds the bookmark, or gives it the link of a board that was posted again. @returns what Slack says, and its id. */
async function addBookmark(
  { channel, bookmarkId }: Board,
  bookmark: { title: string; link: string },
  { isPosted }: { isPosted: boolean },
  { services: { slack } }: BoardDeps,
): Promise<{ bookmark: Reply; bookmarkId: string | undefined }> {
  if (bookmarkId === UNCONFIRMED) return { bookmark: { state: 'unanswered' }, bookmarkId };
  if (bookmarkId !== undefined) {
    const edited = isPosted ? await slack.editBookmark(channel, bookmarkId, bookmark) : DONE;
    // Otherwise somebody removed the bookmark.
    if (edited.state !== 'refused' || edited.code !== 'not_found') return { bookmark: edited, bookmarkId };
  }
  const added = await slack.addBookmark(channel, bookmark);
  const id = added.state === 'done' ? added.value : added.state === 'unanswered' ? UNCONFIRMED : undefined;
  return { bookmark: added, bookmarkId: id };
}

/** Hides the board of a channel: deletes its message, and removes its bookmark. @returns what was done, in sentences. */
export async function hideBoard({ channel }: { channel: string }, deps: BoardDeps): Promise<string> {
  const { tenant, services } = deps;
  const { slack, tracker } = services;
  const holder = randomUUID();
  const taken = await tracker.takeBoard({ tenant, channel, holder, state: 'hidden' });
  if (taken === 'busy') return 'Maro is writing the board right now. Type it again in a minute.';
  const { board, isNew } = taken;
  const held = { tenant, channel, holder };
  if (isNew) {
    await tracker.forgetBoard(held);
    return 'This channel has no board.';
  }
  const { messageTs = await posted(board, deps), bookmarkId } = board;
  const deleted = messageTs === undefined ? undefined : await slack.deleteMessage(channel, messageTs);
  if (deleted !== undefined && deleted.state !== 'done') {
    await tracker.releaseBoard({ ...held, afterSeconds: 0, isUnposted: false });
    return notDeleted(deleted);
  }
  const known = bookmarkId === UNCONFIRMED ? undefined : bookmarkId;
  const removed = known === undefined ? undefined : await slack.removeBookmark(channel, known);
  await tracker.forgetBoard(held);
  const isLeft = bookmarkId === UNCONFIRMED || (removed !== undefined && removed.state !== 'done');
  const said = deleted === undefined ? UNCERTAIN : 'The board is gone. The list is still there: type /maro tracked.';
  return isLeft ? `${said} Its bookmark may still be there. Remove it from its menu.` : said;
}

const UNCERTAIN = 'Maro forgot the board. Slack never confirmed it, so if it is in the channel, delete it there.';

async function posted(
  { channel, postId, postingAgeMs = 0 }: Board,
  { services }: BoardDeps,
): Promise<string | undefined> {
  const found = await services.slack.findPosted({ channel }, postId, postingAgeMs).catch(() => undefined);
  return found?.ts;
}

function notDeleted(reply: Reply): string {
  if (reply.state === 'refused') {
    return `Slack refused to delete the board (code ${reply.code}), so it stays as it is. Maro doesn’t update it anymore. An admin can delete it.`;
  }
  return 'Slack didn’t delete the board yet. Maro doesn’t update it anymore. Type it again in a minute.';
}

function noteOf(reply: Reply, what: 'pin' | 'bookmark', sentences: Readonly<Record<string, string>>): string[] {
  if (reply.state === 'done') return [];
  if (reply.state === 'refused') return [sentences[reply.code] ?? `Slack refused to ${what} it (code ${reply.code}).`];
  return what === 'pin'
    ? ['Slack didn’t pin it in time. Pin it from its menu.']
    : ['Slack didn’t confirm the bookmark. If it isn’t there, add one to the board’s link.'];
}

const BY_HAND = 'Pin it from its menu, or ask your Maro admin to install the current manifest.';
/** https://docs.slack.dev/reference/methods/pins.add/#errors */
const PIN_REFUSED: Readonly<Record<string, string>> = {
  too_many_pins:
    'It isn’t pinned, because this channel has as many pins as Slack allows. Remove one, and type /maro board again.',
  missing_scope: `It isn’t pinned, because Slack doesn’t let Maro pin messages. ${BY_HAND}`,
  not_pinnable: 'Slack doesn’t let Maro pin it.',
  restricted_action: 'It isn’t pinned, because this workspace doesn’t let Maro pin messages. An admin can allow it.',
};
/** https://docs.slack.dev/reference/methods/bookmarks.add/#errors */
const BOOKMARK_REFUSED: Readonly<Record<string, string>> = {
  too_many_bookmarks:
    'It has no bookmark, because this channel has as many bookmarks as Slack allows. Remove one, and type /maro board again.',
  missing_scope:
    'It has no bookmark, because Slack doesn’t let Maro add one. Ask your Maro admin to install the current manifest.',
  permission_denied: 'It has no bookmark, because this channel doesn’t let Maro add one. An admin can allow it.',
  access_denied: 'It has no bookmark, because this channel doesn’t let Maro add one. An admin can allow it.',
};
