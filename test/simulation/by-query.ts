import type { Seen } from '../../sandbox/slack/index.ts';
import { words } from '../maro.ts';
import { type Deed, denies, FOLLOWED, FRESH, isTracked, outcomeOf, toldDirectly, type Wrong } from './deed.ts';
import type { System } from './system.ts';

/** Has `FOLLOWED` follow the issues of a project that are not done. */
export async function beginFollowing({ slack }: System): Promise<void> {
  const text = '/maro follow jql project = SHOP AND statusCategory != Done';
  const { messages } = await slack.command(text, { channel: FOLLOWED });
  const [preview] = messages;
  if (preview === undefined) throw new Error('the simulation cannot begin: there is no preview');
  const pressed = await slack.press(preview, 'Follow');
  if (pressed.messages.length === 0) await pressed.next();
}

/** Holds the list to what the query has in Jira. */
export async function judgeFollowing({ jira, sql }: System): Promise<Wrong[]> {
  const wanted = jira.issues
    .all()
    .filter(({ project, status, forbidden }) => project.key === 'SHOP' && status.category !== 'done' && !forbidden)
    .map(({ id }) => id);
  const rows = await sql`
    select issue_id from tracked_issues where tenant_id = 'T0ACME' and channel_id = ${FOLLOWED}`;
  const listed = new Set(rows.map(({ issue_id }) => String(issue_id)));
  const [missing, left] = [wanted.filter((id) => !listed.has(id)), [...listed].filter((id) => !wanted.includes(id))];
  if (missing.length + left.length === 0) return [];
  return [{ what: 'a list that does not follow', deed: `lacks ${missing.join()}, still has ${left.join()}` }];
}

/** The pause before a person’s next command. */
const SOON_MS = 2_000;

/** Makes a channel follow the children of an epic, and perhaps stop. Each button is pressed twice at once. */
export function followByCommand(
  system: System,
  { name, key, spelling }: { name: string; key: string; spelling: number },
): Omit<Deed, 'name'> {
  const { jira, slack, sql } = system;
  const epic = jira.issues.create('SHOP', { type: 'Epic', summary: `Of ${name}` }).key;
  jira.issues.edit(key, { parent: epic });
  const answers: Seen[] = [];
  const told = () => [...answers.flatMap(({ messages }) => messages), ...toldDirectly(system, epic)].map(words);
  const said = () => told().at(-1) ?? '';
  async function pressTwice(line: string, action: string): Promise<void> {
    const { messages } = await slack.command(line, { channel: FRESH });
    const shown = messages.find(
      ({ blocks, text }) => text.includes(epic) && JSON.stringify(blocks ?? []).includes(action),
    );
    if (shown === undefined) return;
    const value = JSON.stringify(shown.blocks).match(/(?<="value":")[^"]*/g)?.[0];
    const press = async () => answers.push(await slack.press(shown, action, { value }));
    await Promise.all([press(), press()]);
    await answers
      .at(-1)
      ?.next(SOON_MS)
      .catch(() => {});
  }
  async function act(): Promise<void> {
    await pressTwice(`/maro follow epic ${epic}`, 'follow:start');
    if (spelling % 2 === 0) await pressTwice(`/maro unfollow epic ${epic}`, 'follow:stop');
  }
  return {
    done: outcomeOf(act()),
    said,
    async judge() {
      const rows =
        await sql`select from follows where tenant_id = 'T0ACME' and channel_id = ${FRESH} and words = ${epic}`;
      const isFollowed = rows.length > 0;
      const wrongs: Wrong['what'][] =
        (await isTracked(system, FRESH, key)) === isFollowed ? [] : ['a list that does not follow'];
      const last = told().findLast((text) => /follows? epic/.test(text)) ?? '';
      if (/now follows|already follows/.test(last) && !isFollowed) wrongs.push('told as done and not there');
      if (/no longer follows/.test(last) && isFollowed) wrongs.push('told as done and not there');
      if (told().length > 0 && told().every(denies) && isFollowed) wrongs.push('told as not done and there');
      return wrongs;
    },
  };
}
