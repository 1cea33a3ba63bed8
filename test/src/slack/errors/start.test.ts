import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { readConfig } from '../../../../src/config.ts';
import { createLog } from '../../../../src/log.ts';
import { openMaro } from '../../../../src/maro.ts';
import { until, type World, world } from '../../../maro.ts';
import { MISHAPS } from './errors.ts';

describe('an error of Slack when Maro starts', () => {
  let w: World;
  before(async () => {
    w = await world();
  });
  const start = async (write: (line: string) => void = () => {}) => {
    const maro = await openMaro(readConfig(w.env), createLog('info', { write }), { jobs: false });
    return { stop: maro.stop, started: maro.start() };
  };

  const copy = /^Maro did not start: Slack refused \w+ \(\w+\)\. Copy it again from the app's settings\.$/;
  const allow =
    /^Maro did not start: Slack refused \w+ \(\w+\)\. Ask an admin to allow the app, and start Maro again\.$/;
  const ofAny: Record<string, RegExp> = {
    access_denied: allow,
    accesslimited: allow,
    account_inactive: copy,
    ekm_access_denied: allow,
    enterprise_is_restricted: allow,
    invalid_auth: copy,
    no_permission: allow,
    not_allowed_token_type: copy,
    org_login_required: /\. Slack is moving the workspace to an organization\. Start Maro again when that is over\.$/,
    team_access_not_granted: /\. Ask an admin to add the app to the workspace, and start Maro again\.$/,
    token_revoked: copy,
  };
  const away = /^Maro did not start: Slack cannot be reached at /;
  const ofApp = {
    forbidden_team: allow,
    missing_scope: /\(missing_scope\)\. Generate an app-level token with the scope connections:write\.$/,
  };
  for (const [method, variable, sentences] of [
    ['auth.test', 'SLACK_BOT_TOKEN', { ...ofAny, ...Object.fromEntries(MISHAPS.map((error) => [error, away])) }],
    ['apps.connections.open', 'SLACK_APP_TOKEN', { ...ofAny, ...ofApp }],
  ] as const) {
    for (const [error, message] of Object.entries<RegExp>(sentences)) {
      test(`is a sentence that says what to do about ${variable} (${method}, ${error})`, async () => {
        w.slack.trouble.fail(method, error);
        const maro = await start().catch((refused: Error) => refused);
        const refused =
          maro instanceof Error
            ? maro
            : await maro.started.then(
                () => assert.fail('Maro started'),
                (thrown: Error) => thrown,
              );
        if (!(maro instanceof Error)) await maro.stop();
        assert.match(refused.message, message);
        if (message !== away) assert.match(refused.message, new RegExp(variable));
      });
    }
  }

  for (const error of MISHAPS) {
    test(`is named in the log, and Slack is asked again (apps.connections.open, ${error})`, async () => {
      w.slack.trouble.fail('apps.connections.open', error);
      let text = '';
      const { stop, started } = await start((line) => {
        text += line;
      });
      await until(() => text.includes(`"error":"${error}"`), 'the log names it');
      await stop();
      await started;
    });
  }
});
