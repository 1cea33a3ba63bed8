import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { moveDatabaseClock, openDatabaseClock } from '../../sandbox/clock/database.ts';
import { createSandboxClock, untilTomorrow } from '../../sandbox/clock/index.ts';
import { endMaro, moveMaro, spawnMaro } from '../../sandbox/maro.ts';
import { administer } from '../../sandbox/postgres.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { createClock, type Message, type Slack } from '../../sandbox/slack/index.ts';
import { cleanup } from '../cleanup.ts';
import { database, until, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('tomorrow’s morning is as far as it is where the person is, on days on which clocks change too', () => {
  const table: [now: string, zone: string, morning: string][] = [
    ['2026-11-28T21:50:33.250Z', 'UTC', '2026-11-29T09:00:00.000Z'],
    ['2026-11-28T21:50:33.250Z', 'Europe/Berlin', '2026-11-29T08:00:00.000Z'],
    ['2026-11-28T23:30:00.000Z', 'Europe/Berlin', '2026-11-30T08:00:00.000Z'],
    ['2026-11-28T21:50:33.250Z', 'Asia/Kathmandu', '2026-11-30T03:15:00.000Z'],
    ['2027-03-27T12:00:00.000Z', 'Europe/Berlin', '2027-03-28T07:00:00.000Z'],
    ['2026-10-24T12:00:00.000Z', 'Europe/Berlin', '2026-10-25T08:00:00.000Z'],
  ];
  for (const [now, zone, morning] of table) {
    const at = Date.parse(now);
    assert.equal(new Date(at + untilTomorrow(9, at, zone)).toISOString(), morning, `${now} ${zone}`);
  }
});

test('a database’s time moves for statements, new rows, and tables that were there before, and stays moved', async () => {
  const url = await database();
  await administer(url, 'The table was not made', (sql) =>
    sql.unsafe('create table before (made timestamptz not null default now(), n int)'),
  );
  assert.equal(await openDatabaseClock(url), 0);
  await rows(url, 'create table after (made timestamptz not null default now(), n int)');
  assert.equal(await moveDatabaseClock(url, HOUR), HOUR);
  assert.equal(await moveDatabaseClock(url, DAY), HOUR + DAY);
  assert.equal(await openDatabaseClock(url), HOUR + DAY, 'another run goes on from there');
  await rows(url, 'insert into before (n) values (1)');
  await rows(url, 'insert into after (n) values (1)');
  const [ahead] = await rows(
    url,
    `select extract(epoch from now() - pg_catalog.now())::int as now,
       extract(epoch from clock_timestamp() - pg_catalog.now())::int as clock,
       (select extract(epoch from made - pg_catalog.now())::int from before) as before,
       (select extract(epoch from made - pg_catalog.now())::int from after) as after,
       to_regclass('public.after') is not null as is_in_public`,
  );
  const seconds = (HOUR + DAY) / 1000;
  const near = (value: unknown) => Math.abs(Number(value) - seconds) <= 5;
  assert.ok(near(ahead?.now) && near(ahead?.clock) && near(ahead?.before) && near(ahead?.after), JSON.stringify(ahead));
  assert.equal(ahead?.is_in_public, true);
});

test('a clock moves ahead only, and by a week at most', async () => {
  const clock = createSandboxClock();
  for (const ms of [0, -1, Number.NaN, 8 * DAY]) await assert.rejects(clock.move(ms), /only moves ahead/);
  assert.equal(clock.aheadMs, 0);
});

test('a signature fits the moved time of a Maro that is reached over HTTP', async () => {
  let aheadMs = DAY;
  const w = await world({ transport: 'http', clock: createClock(() => Date.now() + aheadMs) });
  const maro = spawnMaro(w.env, 'pipe', aheadMs);
  cleanup(() => endMaro(maro));
  maro.stderr.resume();
  let port = '';
  createInterface({ input: maro.stdout }).on('line', (line) => {
    port ||= /"port":(\d+)/.exec(line)?.[1] ?? '';
  });
  await until(() => port !== '', 'Maro is ready');
  await w.slack.deliverOverHttp(`http://127.0.0.1:${port}/slack/events`);
  assert.match(await answerTo(w.slack, '/maro tracked'), /No issues tracked/);
  aheadMs += DAY;
  await moveMaro(maro, aheadMs);
  assert.match(await answerTo(w.slack, '/maro tracked'), /No issues tracked/);
  await endMaro(maro);
  await moveMaro(maro, aheadMs);
});

test('when the sandbox’s clock moves to tomorrow, the digest comes, days change, issues are stale, and doctor finds no skew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maro-clock-'));
  const sandbox = await startSandbox({ folder, keeping: 'throwaway', databaseUrl: process.env.DATABASE_URL });
  const { slack, jira, clock } = sandbox;
  cleanup(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const said = (line: string) => answerTo(slack, line);
  const digests = () => slack.messages('C1', 'ada').filter(isDigest);
  await said('/maro track PLAT-3 PLAT-5');
  assert.match(await said('/maro tracked'), /PLAT-3/);
  const form = await (await slack.command('/maro notify')).nextView();
  await slack.submit(form, { kind: 'daily', time: '09:00' });
  jira.issues.edit('PLAT-3', { status: 'Done' }, 'yuki');
  await jira.webhooks.settled();

  await clock.move(untilTomorrow(9, clock.now(), 'Europe/Berlin'));
  await until(() => digests().length === 1, 'the digest comes');
  const [digest] = digests();
  assert.match(words(digest?.blocks), /1 done.*PLAT-3/s);
  assert.ok(Math.abs(Number(digest?.ts) * 1000 - clock.now()) < MINUTE, 'at that time');
  assert.match(await said('/maro changes'), /change since/);
  assert.doesNotMatch(await said('/maro doctor'), /(?:ahead of|behind) /);

  // Nobody updates PLAT-5 for three weeks.
  for (let week = 0; week < 3; week++) await clock.move(7 * DAY);
  // Maro's clock catches up minute by minute.
  await until(() => digests().length > 1, 'a digest names the stale issue', 80_000);
  assert.match(words(digests().at(-1)?.blocks), /PLAT-5/);
});

async function answerTo(slack: Slack, line: string): Promise<string> {
  const seen = await slack.command(line);
  return words((seen.messages[0] ?? (await seen.next())).blocks);
}

function isDigest({ text }: Message): boolean {
  return text.startsWith('Digest');
}
