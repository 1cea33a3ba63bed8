import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type postgres from 'postgres';
import type { Message, Seen } from '../../sandbox/slack/index.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { openWire, type Wire } from '../wire.ts';
import { createWaitLong, endSleepers, isHeldUp } from './sleepers.ts';

describe('a press of a button', () => {
  let w: World;
  let wire: Wire;
  let maro: MaroProcess;
  let db: postgres.Sql;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    wire = await openWire(w.databaseUrl);
    env = { ...w.env, DATABASE_URL: wire.url };
    maro = await startProcess({ ...w, env });
    await createWaitLong(db);
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));
  after(() => wire.stop());

  const type = async (text: string): Promise<Message> => {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages;
    assert.ok(message);
    return message;
  };
  const tracked = async () =>
    (
      await db`select issue_key from tracked_issues join jira_issues using (tenant_id, site, issue_id) order by issue_key`
    ).map(({ issue_key }) => issue_key as string);
  const shared = () => w.slack.messages('C1', 'ben').filter((message) => words(message).includes('<@U0ADA> shared'));
  const said = async (seen: Seen) => words(seen.messages.at(-1) ?? (await seen.next()));
  const nothingLeft = () =>
    until(async () => (await db`select from runs where due_at is not null`).length === 0, 'nothing is left to do');

  /** Presses, and kills the process before it stores the outcome; then starts another. */
  async function killedBeforeItIsStored(press: () => Promise<unknown>, isThere: () => Promise<boolean>): Promise<void> {
    await db`create trigger hold before update of outcome on runs for each row execute function wait_long()`;
    const pressed = press().catch(() => {});
    await until(() => isHeldUp(db), 'it is held');
    assert.ok(await isThere());
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    await db`drop trigger hold on runs`;
    await db`update runs set due_at = now() where due_at is not null`;
    maro = await startProcess({ ...w, env });
    await pressed;
    await nothingLeft();
  }

  test('whose process is killed after it untracked an issue: another shows it, with an Undo that works', async () => {
    await type('track PLAT-1 PLAT-3');
    const list = await type('tracked');
    await killedBeforeItIsStored(
      () => w.slack.press(list, 'Untrack', { value: 'PLAT-1' }),
      async () => (await tracked()).length === 1,
    );
    const now = w.slack.messages('C1', 'ada').at(-1) as Message;
    assert.match(words(now), /is no longer tracked\./);
    await w.slack.press(now, 'Undo');
    await until(async () => (await tracked()).length === 2, 'it is back');
    await nothingLeft();
  });

  test('whose process is killed before the list was shared: another shares it, once', async () => {
    const list = await type('tracked');
    await killedBeforeItIsStored(
      () => w.slack.press(list, 'Share'),
      async () => shared().length === 0,
    );
    assert.equal(shared().length, 1);
    assert.match(await said(await w.slack.press(list, 'Share')), /^Already done\./);
    assert.equal(shared().length, 1);
  });

  test('while the database is surely away does nothing, and says so of this press alone', async () => {
    const list = await type('tracked');
    await wire.stop();
    // A statement on a connection that has just ended may be done; from the next one on it is certain that it is not.
    await w.slack.command('/maro tracked', { channel: 'C1' });
    assert.match(
      await said(await w.slack.press(list, 'Share')),
      /^Maro’s database isn’t answering, so this press did nothing\./,
    );
    await wire.start();
    assert.equal(shared().length, 1);
    await w.slack.press(list, 'Share');
    await until(() => shared().length === 2, 'it is shared when it is pressed again');
    await nothingLeft();
  });

  test('of which nobody knows whether it is stored is held until the database answers, and done once', async () => {
    const list = await type('tracked');
    wire.silence(true);
    const pressed = w.slack.press(list, 'Share');
    await pressed.catch(() => {});
    assert.equal(shared().length, 2);
    wire.silence(false);
    wire.cut();
    await until(() => shared().length === 3, 'it is shared');
    await nothingLeft();
    assert.equal(shared().length, 3);
  });

  test('whose outcome Slack does not take where it was pressed is told in a direct message', async () => {
    const list = await type('tracked');
    await db`create trigger hold before update of outcome on runs for each row execute function wait_long()`;
    const pressed = w.slack.press(list, 'Untrack', { value: 'PLAT-3' }).catch(() => {});
    await until(() => isHeldUp(db), 'it is held');
    // Slack takes answers for half an hour.
    w.slack.clock.advance(31 * 60_000);
    await endSleepers(db);
    await db`drop trigger hold on runs`;
    await db`update runs set due_at = now() where due_at is not null`;
    const direct = () => w.slack.everything().filter(({ channel }) => channel === 'D1');
    await until(
      () => direct().some((message) => /^Your change was made, but Slack didn’t show it\./.test(words(message))),
      'it is told',
    );
    await pressed;
    await nothingLeft();
    assert.deepEqual(await tracked(), ['PLAT-1']);
    const refused = new Set(w.slack.refusals.splice(0).map(({ error }) => error));
    assert.deepEqual([...refused], ['expired_url']);
  });

  test('that was given up says so each time, and never that it was done', async () => {
    const list = await type('tracked');
    const before = shared().length;
    await db`create trigger hold before update of outcome on runs for each row execute function wait_long()`;
    void w.slack.press(list, 'Share').catch(() => {});
    await until(() => isHeldUp(db), 'it is held');
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    await db`drop trigger hold on runs`;
    await db`update runs set due_at = now(), attempts = 3 where due_at is not null`;
    maro = await startProcess({ ...w, env });
    await nothingLeft();
    const given = /^Maro tried this three times and never finished it/;
    assert.match(words(w.slack.messages('C1', 'ada').at(-1)), given);
    assert.match(await said(await w.slack.press(list, 'Share')), given);
    assert.equal(shared().length, before);
  });
});
