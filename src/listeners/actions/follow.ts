import { FOLLOW_KINDS, type Query } from '../../follow.ts';
import { importQuery, startFollowing, stopFollowing } from '../../issues/following.ts';
import { noticeMessage } from '../../messages/notice.ts';
import type { Pressed, Shown } from './pressed.ts';

/** Makes the channel follow the query of a preview. */
export async function startFollow(pressed: Pressed): Promise<Shown> {
  const query = queryIn(pressed.value);
  if (query === undefined) return 'nothing';
  return { replace: noticeMessage({ text: await startFollowing(query, pressed, pressed.context) }) };
}

/** Tracks the issues of the query of a preview. */
export async function importIssues(pressed: Pressed): Promise<Shown> {
  const query = queryIn(pressed.value);
  if (query === undefined) return 'nothing';
  return { replace: noticeMessage({ text: await importQuery(query, pressed, pressed.context) }) };
}

/** Makes the channel follow a query no longer. The value is the query's id and name. */
export async function stopFollow(pressed: Pressed): Promise<Shown> {
  const { value, context } = pressed;
  const [, id = '', name = ''] = /^(\S+) (.*)$/s.exec(value) ?? [];
  const { text, left } = await stopFollowing({ id, name }, pressed, context);
  return { replace: noticeMessage({ text, undo: left === 0 ? undefined : context.operation }) };
}

/** The query in the value of a button: its kind and its words. */
function queryIn(value: string): Query | undefined {
  const [, first, words = ''] = /^(\S+) (.*)$/s.exec(value) ?? [];
  const kind = FOLLOW_KINDS.find((each) => each === first);
  return kind === undefined ? undefined : { kind, words };
}
