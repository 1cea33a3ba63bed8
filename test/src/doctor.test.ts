import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, describe, test } from 'node:test';
import type { SlackOptions } from '../../sandbox/slack/index.ts';
import { delta } from '../../src/issues/sync.ts';
import { createJira } from '../../src/jira/client.ts';
import { createLog } from '../../src/log.ts';
import { readManifest } from '../../src/manifest.ts';
import { cleanup } from '../cleanup.ts';
import { database, startMaro, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';
import { openTrackerAt } from '../tracker.ts';

const PROGRAM = new URL('../../src/doctor.ts', import.meta.url).pathname;

/** What `npm run doctor` prints, and its exit status. */
async function doctor(env: NodeJS.ProcessEnv): Promise<{ status: number; printed: string }> {
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  cleanup(() => void child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
  const [status] = await once(child, 'close');
  return { status, printed };
}

/** Runs the delta once, as a job of Maro does. */
async function sync({ jira: { url: host, email, apiToken }, databaseUrl }: World): Promise<void> {
  const tracker = await openTrackerAt(databaseUrl);
  const log = createLog('silent');
  const jira = createJira({ host, email, apiToken, projects: [] }, log, (site) =>
    tracker.rememberSite({ tenant: 'T0ACME', ...site }),
  );
  await delta({ tenant: 'T0ACME', services: { jira, tracker, log } });
}

describe('npm run doctor', () => {
  let w: World;
  before(async () => {
    w = await world();
    await sync(w);
  });

  test('says of each part that it works, and exits with 0', async () => {
    const { status, printed } = await doctor(w.env);
    assert.equal(status, 0, printed);
    assert.equal(printed.trim().split('\n').length, 13, printed);
    assert.doesNotMatch(printed, /^(wrong|note)/m);
    assert.match(printed, /^ok {5}Database +The database answers \(PostgreSQL \d+, schema \d+/m);
  });

  test('starts no Maro: Slack gets no connection, and the database stays as it is', async () => {
    await doctor(w.env);
    assert.equal(w.slack.connections(), 0);
    assert.equal((await rows(w.databaseUrl, 'select from installations')).length, 0);
  });

  test('names what is wrong with the code, the facts, and what to do, and exits with 1', async () => {
    w.jira.permissions.delete('MODIFY_REPORTER');
    const { status, printed } = await doctor({ ...w.env, JIRA_PROJECTS: 'PLAT,HR' });
    assert.equal(status, 1);
    assert.match(printed, /^note {3}Jira permissions .*\(MODIFY_REPORTER\)\. Code jira_permissions\. Grant them/m);
    assert.match(printed, /^wrong {2}Jira projects .*\(HR\)\. Code jira_projects\. Give Maro's account access/m);
    w.jira.permissions.add('MODIFY_REPORTER');
  });

  test('finds a login that is refused, and a Slack token that is refused', async () => {
    const login = await doctor({ ...w.env, JIRA_API_TOKEN: 'another' });
    assert.match(login.printed, /^wrong {2}Jira login .*Code login_refused/m);
    const slack = await doctor({ ...w.env, SLACK_BOT_TOKEN: 'xoxb-another' });
    assert.match(slack.printed, /^wrong {2}Slack +.*\(invalid_auth\)\. Code slack/m);
    assert.deepEqual([login.status, slack.status], [1, 1]);
  });

  test('finds a database that no Maro has migrated, and one that is away', async () => {
    const empty = await doctor({ ...w.env, DATABASE_URL: await database() });
    assert.match(empty.printed, /^wrong {2}Database .*schema missing.*Code schema\. Start this Maro/m);
    const away = await doctor({ ...w.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' });
    assert.match(away.printed, /^wrong {2}Database +The database cannot be used.*Code database/m);
    assert.deepEqual([empty.status, away.status], [1, 1]);
  });

  test('lists the variables that are missing', async () => {
    const { status, printed } = await doctor({ PATH: process.env.PATH });
    assert.equal(status, 1);
    assert.match(printed, /JIRA_HOST is missing/);
  });
});

describe('/maro doctor', () => {
  test('is private, and says how Maro does with codes and without names', async () => {
    const manifest = (await readManifest()) as SlackOptions['manifest'];
    const bot = (manifest.oauth_config?.scopes?.bot ?? []).filter((scope) => scope !== 'users:read.email');
    const w = await world({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
    const maro = await startMaro(w);
    await w.slack.command('/maro track PLAT-1 OPS-1');
    w.jira.issues.forbidProject('OPS');
    await sync(w);
    const [message] = (await w.slack.command('/maro doctor', { user: 'ben' })).messages;
    const said = words(message?.blocks);
    assert.equal(message?.ephemeral_to, 'U0BEN');
    assert.match(said, /1 thing is wrong/);
    assert.match(said, /Slack has not granted 1 optional scope \(code missing_scope\)/);
    assert.match(said, /Jira refuses to search 1 project.*\(code project_left_out\)/);
    assert.match(said, /:white_check_mark: Jira takes the login/);
    assert.doesNotMatch(said, /OPS|users:read|127\.0\.0\.1|localhost/);
    assert.deepEqual(w.slack.refusals, []);
    assert.doesNotMatch(maro.written(), /"level":"error"/);
  });

  test('says that Jira does not answer while it is away', async () => {
    const w = await world();
    await startMaro(w);
    w.jira.trouble('all', { kind: 'server_error', status: 503 });
    const [message] = (await w.slack.command('/maro doctor')).messages;
    assert.match(words(message?.blocks), /Jira does not answer \(code no_answer\)/);
  });
});
