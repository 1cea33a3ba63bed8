import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { parseEnv } from 'node:util';
import { ConfigError, readConfig } from '../../src/config.ts';

const complete = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  JIRA_HOST: 'https://acme.atlassian.net',
  JIRA_EMAIL: 'maro@acme.example',
  JIRA_API_TOKEN: 'secret-of-jira',
  DATABASE_URL: 'postgres://maro@localhost/maro',
};

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  test('takes a secret for webhooks, or two, and then has a port', () => {
    const of = (secret: string) => readConfig({ ...complete, JIRA_WEBHOOK_SECRET: secret });
    assert.deepEqual(of('0123456789abcdef').jira.webhookSecrets, ['0123456789abcdef']);
    assert.deepEqual(of('0123456789abcdef, fedcba9876543210').jira.webhookSecrets.length, 2);
    assert.equal(of('0123456789abcdef').port, 3000);
    for (const secret of ['short', '0123456789abcdef,short', 'a,b,c'])
      assert.throws(() => of(secret), /JIRA_WEBHOOK_SECRET/);
  });

  test('an empty one is told of everything it lacks, in one message', () => {
    const problems = problemsOf({}).join('\n');
    for (const name of [
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET',
      ...Object.keys(complete).slice(2),
    ]) {
      assert.ok(problems.includes(`${name} is missing`), `${name} in:\n${problems}`);
    }
  });

  test('what .env.sample has in place of a value is missing', async () => {
    const sample = parseEnv(await readFile(new URL('../../.env.sample', import.meta.url), 'utf8'));
    assert.ok(sample.SLACK_BOT_TOKEN && sample.SLACK_APP_TOKEN && sample.JIRA_HOST, 'it says what a value looks like');
    assert.deepEqual(
      problemsOf({ ...complete, ...sample, JIRA_EMAIL: 'maro@acme.example', JIRA_API_TOKEN: 'secret-of-jira' }),
      [
        "SLACK_BOT_TOKEN is missing: the bot's token, which begins with xoxb-.",
        'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing: the first (xapp-…) is for Socket Mode, the second for HTTP.',
        'JIRA_HOST is missing: the address of your site, like https://acme.atlassian.net, or https://api.atlassian.com/ex/jira/ and your cloud id for a scoped token.',
      ],
    );
    assert.match(problemsOf(sample).join('\n'), /JIRA_EMAIL is missing.*\nJIRA_API_TOKEN is missing/);
    const overHttp = { ...complete, SLACK_APP_TOKEN: 'xapp- ', SLACK_SIGNING_SECRET: 's' };
    assert.equal(readConfig(overHttp).slack.transport.mode, 'http');
    assert.match(problemsOf({ ...complete, JIRA_HOST: `${sample.JIRA_HOST}/` }).join(), /^JIRA_HOST is missing/);
  });

  test('malformed values are named, and never shown', () => {
    const env = {
      SLACK_BOT_TOKEN: 'secret-1',
      SLACK_APP_TOKEN: 'secret-2',
      SLACK_API_URL: 'secret-3',
      JIRA_HOST: 'http://secret-4.example',
      JIRA_EMAIL: 'secret-5',
      JIRA_API_TOKEN: 'secret-6',
      JIRA_PROJECTS: 'secret-7!',
      JIRA_CLOUD_ID: 'secret-11',
      DATABASE_URL: 'mysql://secret-8',
      PORT: 'secret-9',
      LOG_LEVEL: 'secret-10',
    };
    const problems = problemsOf(env);
    for (const name of Object.keys(env).filter((n) => n !== 'JIRA_API_TOKEN')) {
      assert.ok(
        problems.some((problem) => problem.startsWith(`${name} is malformed`)),
        name,
      );
    }
    assert.doesNotMatch(problems.join('\n'), /secret-/);
  });

  test('an app token means Socket Mode, also beside a signing secret', () => {
    const { slack, port } = readConfig({ ...complete, SLACK_SIGNING_SECRET: 's' });
    assert.deepEqual(slack.transport, { mode: 'socket', appToken: 'xapp-1' });
    assert.equal(port, undefined);
  });

  test('a signing secret alone means HTTP, on port 3000 unless PORT says otherwise', () => {
    const { SLACK_APP_TOKEN, ...http } = { ...complete, SLACK_SIGNING_SECRET: 's' };
    assert.deepEqual(readConfig(http).slack.transport, { mode: 'http', signingSecret: 's' });
    assert.equal(readConfig(http).port, 3000);
    assert.equal(readConfig({ ...http, PORT: '8080' }).port, 8080);
  });

  test("Slack's address is taken with and without a slash at its end", () => {
    for (const url of ['http://127.0.0.1:1/api', 'http://127.0.0.1:1/api/']) {
      assert.equal(readConfig({ ...complete, SLACK_API_URL: url }).slack.apiUrl, 'http://127.0.0.1:1/api/');
    }
    assert.equal(readConfig(complete).slack.apiUrl, 'https://slack.com/api/');
  });

  test("Jira's host may be the site or the gateway; http only on this machine", () => {
    for (const host of [
      'https://acme.atlassian.net/',
      'https://api.atlassian.com/ex/jira/1-2/',
      'http://127.0.0.1:9',
    ]) {
      assert.equal(readConfig({ ...complete, JIRA_HOST: host }).jira.host, host.replace(/\/$/, ''));
    }
    for (const host of ['http://acme.atlassian.net', 'acme.atlassian.net', 'https://a@b.c', 'https://a.b/?x=1']) {
      assert.equal(problemsOf({ ...complete, JIRA_HOST: host }).length, 1, host);
    }
  });

  test("the cloud id is JIRA_CLOUD_ID's or the gateway's, and the two must not differ", () => {
    const id = '11223344-a1b2-4c33-8444-def123456789';
    const gateway = `https://api.atlassian.com/ex/jira/${id}`;
    const cloudId = (env: NodeJS.ProcessEnv) => readConfig({ ...complete, ...env }).jira.cloudId;
    assert.equal(cloudId({}), undefined);
    assert.equal(cloudId({ JIRA_CLOUD_ID: ` ${id.toUpperCase()} ` }), id);
    assert.equal(cloudId({ JIRA_HOST: `${gateway}/` }), id);
    assert.equal(cloudId({ JIRA_HOST: gateway, JIRA_CLOUD_ID: id.toUpperCase() }), id);
    assert.equal(cloudId({ JIRA_HOST: 'https://acme.example/ex/jira', JIRA_CLOUD_ID: '' }), undefined);
    assert.deepEqual(problemsOf({ ...complete, JIRA_HOST: gateway, JIRA_CLOUD_ID: id.replace('11', '22') }), [
      'JIRA_CLOUD_ID and JIRA_HOST have different cloud ids: leave JIRA_CLOUD_ID out, or fix one of them.',
    ]);
    for (const wrong of ['acme', 'https://acme.atlassian.net', `${id}0`, id.slice(1), `{${id}}`]) {
      assert.match(problemsOf({ ...complete, JIRA_CLOUD_ID: wrong }).join(), /^JIRA_CLOUD_ID is malformed: /, wrong);
    }
  });

  test('projects are read in any case, separated by commas', () => {
    assert.throws(() => readConfig({ ...complete, JIRA_PROJECTS: 'A' }), /JIRA_PROJECTS is malformed/);
    assert.deepEqual(readConfig({ ...complete, JIRA_PROJECTS: 'plat, SHOP,' }).jira.projects, ['PLAT', 'SHOP']);
  });
});
