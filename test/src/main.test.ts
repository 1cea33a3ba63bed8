import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { database, launch, type Maro, startMaro, startProcess, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';
import { openWire, type Wire } from '../wire.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: { start: string } };

/** A module to be loaded before everything else, as an argument for `--import`. */
const module = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe('Maro that cannot start ends with 1, and says why in a sentence', { concurrency: true }, () => {
  const SECRETS = [
    'hunter2',
    'xoxb-wrong',
    'xapp-wrong',
    'sandbox-api-token',
    'xoxb-stand-in-bot',
    'xapp-stand-in-app',
  ];
  let w: World;
  let revoked: World;
  let newer: string;
  let taken: ReturnType<typeof createServer>;
  before(async () => {
    [w, revoked, newer] = await Promise.all([world(), world(), database()]);
    revoked.slack.trouble.fail('apps.connections.open', 'token_revoked');
    await rows(newer, 'create table maro_migrations (version int primary key, applied_at timestamptz)');
    await rows(newer, 'insert into maro_migrations values (999, now())');
    taken = createServer().listen(0);
    await once(taken, 'listening');
  });
  after(() => taken.close());

  const cases: [what: string, env: () => NodeJS.ProcessEnv, sentence: RegExp][] = [
    [
      'with an environment that is half complete',
      () => ({ PATH: process.env.PATH, SLACK_BOT_TOKEN: 'hunter2', JIRA_HOST: w.jira.url, PORT: 'hunter2' }),
      /^Maro did not start.*\n- SLACK_BOT_TOKEN is malformed.*\n- SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing.*\n- JIRA_EMAIL is missing.*\n- JIRA_API_TOKEN is missing.*\n- DATABASE_URL is missing.*\n- PORT is malformed.*$/,
    ],
    [
      'without its database',
      () => ({ ...w.env, DATABASE_URL: 'postgres://maro:hunter2@127.0.0.1:1/maro' }),
      /^Maro did not start: it cannot use its database.*\. Check that PostgreSQL runs and that DATABASE_URL is right\. \(.*\)$/,
    ],
    [
      'on the database of a newer Maro',
      () => ({ ...w.env, DATABASE_URL: newer }),
      /^Maro did not start: the database is at version 999, and this version of Maro knows versions up to \d+\. Nothing was changed\./,
    ],
    [
      "with a bot's token that Slack refuses",
      () => ({ ...w.env, SLACK_BOT_TOKEN: 'xoxb-wrong' }),
      /^Maro did not start: Slack refused SLACK_BOT_TOKEN \(invalid_auth\)\. Copy it again from the app's settings\./,
    ],
    [
      'with an app token that Slack refuses',
      () => ({ ...w.env, SLACK_APP_TOKEN: 'xapp-wrong' }),
      /^Maro did not start: Slack refused SLACK_APP_TOKEN \(invalid_auth\)\. Copy it again from the app's settings\./,
    ],
    [
      'with an app token that was revoked',
      () => revoked.env,
      /^Maro did not start: Slack refused SLACK_APP_TOKEN \(token_revoked\)\. Copy it again from the app's settings\./,
    ],
    [
      'when nobody is where Slack should be',
      () => ({ ...w.env, SLACK_API_URL: 'http://127.0.0.1:1/api/' }),
      /^Maro did not start: Slack cannot be reached at http:\/\/127\.0\.0\.1:1\/api\/\./,
    ],
    [
      'on a port that is taken',
      () => ({ ...w.env, PORT: String((taken.address() as AddressInfo).port) }),
      /^Maro did not start: it cannot listen on port \d+\. \(Error EADDRINUSE\)$/,
    ],
  ];
  for (const [what, env, sentence] of cases) {
    test(what, async () => {
      const maro = launch(env());
      assert.equal(await maro.ended, 1);
      // The SDK may say in its own words, too, that it was refused.
      const said = maro.written().replaceAll(/^\{.*"from":"slack sdk".*\n/gm, '');
      assert.match(said.trim(), sentence);
      for (const secret of SECRETS) assert.ok(!maro.written().includes(secret), maro.written());
    });
  }

  describe('with a Node that is too old', () => {
    const run = (node: string, ...args: string[]) =>
      new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
        execFile(node, args, { cwd: ROOT, env: {} }, (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, stdout, stderr }),
        );
      });
    const start = (node: string, ...before: string[]) => run(node, ...before, ...scripts.start.split(' ').slice(2));
    const sentence = /^Maro needs Node 22\.18 or newer and this is Node (\S+)\. Nothing was started\./;

    test('by its number', async () => {
      for (const [version, fits] of [
        ['20.20.2', false],
        ['22.17.9', false],
        ['22.18.0', true],
      ] as const) {
        const faked = module(
          `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
        );
        const { code, stderr } = await start(process.execPath, '--import', faked);
        assert.equal(code, 1);
        if (fits) assert.match(stderr, /Fix these environment variables/);
        else assert.equal(sentence.exec(stderr)?.[1], version, stderr);
      }
    });

    test("by a real one, the machine's own", async (t) => {
      const { stdout } = await run('/usr/bin/node', '--version');
      if (!(Number(/^v(\d+)/.exec(stdout)?.[1]) < 22)) {
        return t.skip('this machine has no Node in /usr/bin that is older than 22');
      }
      const { code, stderr } = await start('/usr/bin/node');
      assert.equal(code, 1);
      assert.match(stderr, sentence);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  });
});

describe('the health of Maro', () => {
  let w: World;
  let wire: Wire;
  let maro: Maro;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    maro = await startMaro(w, { DATABASE_URL: wire.url, PORT: '0' });
  });

  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${maro.port}${path}`);
    return { status: response.status, report: await response.json() };
  };
  const say = async (text: string) => words((await w.slack.command(`/maro ${text}`)).messages[0]);

  test('is good while database and Slack are there', async () => {
    assert.deepEqual(await ask('/livez'), { status: 200, report: { ok: true } });
    assert.deepEqual(await ask('/healthz'), {
      status: 200,
      report: { ok: true, database: true, slack: true, jira: { state: 'unknown' } },
    });
  });

  test('is not while the database is stopped: each command says so in words, and works when it is back', async () => {
    await wire.stop();
    assert.deepEqual(await ask('/healthz'), {
      status: 503,
      report: { ok: false, database: false, slack: true, jira: { state: 'unknown' } },
    });
    assert.deepEqual(await ask('/livez'), { status: 200, report: { ok: true } });
    for (const text of ['track PLAT-1', 'untrack PLAT-1', 'tracked']) {
      assert.match(await say(text), /^Maro can’t reach its database, so nothing was changed\. Try again in a minute\./);
    }
    await wire.start();
    assert.match(await say('track PLAT-1'), /PLAT-1: now tracked/);
    assert.equal((await ask('/healthz')).status, 200);
  });

  test('is told within its second also while the database says nothing', async () => {
    wire.silence(true);
    const asked = performance.now();
    assert.deepEqual((await ask('/healthz')).report, {
      ok: false,
      database: false,
      slack: true,
      jira: { state: 'unknown' },
    });
    assert.ok(performance.now() - asked < 2_000, 'and not only after the two seconds of a command');
    wire.silence(false);
    wire.cut();
    await until(async () => (await ask('/healthz')).status === 200, 'it is good again');
  });

  test('is all there is to ask for: over a socket nothing is taken over HTTP', async () => {
    const url = `http://127.0.0.1:${maro.port}/slack/events`;
    assert.equal((await fetch(url, { method: 'POST', body: 'ssl_check=1' })).status, 404);
  });

  test('is not while the socket is down', async () => {
    w.slack.trouble.drop();
    await until(async () => (await ask('/healthz')).status === 503, 'the health is bad');
    assert.deepEqual((await ask('/healthz')).report, {
      ok: false,
      database: true,
      slack: false,
      jira: { state: 'unknown' },
    });
    assert.equal((await ask('/livez')).status, 200);
    await w.slack.connected();
    await until(async () => (await ask('/healthz')).status === 200, 'it is good again');
  });

  test('is not while Slack refuses the app token, which the log names, and is good again when Slack takes it', async () => {
    // The SDK would end the process for the first, and try again for ever without a word for the others.
    for (const error of ['invalid_auth', 'token_revoked', 'not_allowed_token_type']) {
      const refused = () => maro.log.some((line) => line.level === 'error' && line.error === error);
      w.slack.trouble.fail('apps.connections.open', error);
      w.slack.trouble.drop();
      await until(refused, 'the log says so');
      const line = maro.log.find((each) => each.error === error);
      assert.match(String(line?.msg), /^Slack refuses SLACK_APP_TOKEN, so nothing that people do reaches Maro\./);
      assert.deepEqual((await ask('/healthz')).report, {
        ok: false,
        database: true,
        slack: false,
        jira: { state: 'unknown' },
      });
      await w.slack.connected();
      assert.match(await say('tracked'), /1 tracked issue/);
    }
  });

  test('is nobody’s to ask in Socket Mode without a port: Maro listens on nothing', async () => {
    const code = `import net from 'node:net';
      const listen = net.Server.prototype.listen;
      net.Server.prototype.listen = function (...where) {
        console.log('{"level":"info","msg":"listens"}');
        return listen.apply(this, where);
      }`;
    const quiet = await world();
    const watched = { NODE_OPTIONS: `--import ${module(code)}` };
    const [without, having] = await Promise.all([
      startProcess(quiet, watched),
      startProcess(w, { ...watched, PORT: '0' }),
    ]);
    const listens = ({ log }: Maro) => log.filter(({ msg }) => msg === 'listens').length;
    assert.deepEqual([listens(without), listens(having)], [0, 1]);
    assertPrivate([maro, without, having], w, ['PLAT-']);
  });
});
