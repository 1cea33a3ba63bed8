import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createReceiver } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { createSocket } from '../../../src/slack/socket.ts';
import { cleanup } from '../../cleanup.ts';
import { until, type World, world } from '../../maro.ts';

describe('a Socket Mode connection', () => {
  let w: World;
  before(async () => {
    w = await world();
  });

  function open(options: { giveUpAfterMs?: number } = {}) {
    const lines: { level: string; msg: string; error?: string }[] = [];
    const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) });
    const receiver = createReceiver(readConfig(w.env).slack, log);
    assert.ok('client' in receiver);
    const socket = createSocket(receiver.client, log, options);
    cleanup(() => socket.stop());
    return { socket, lines };
  }

  test('is opened again when it is cut, and when Slack asks for it', async () => {
    const { socket, lines } = open();
    await socket.start();
    for (const end of [() => w.slack.trouble.drop(), () => w.slack.trouble.refresh()]) {
      const opened = w.slack.calls('apps.connections.open').length;
      end();
      await until(() => w.slack.calls('apps.connections.open').length > opened, 'Maro asks for another');
      await until(() => socket.isOpen(), 'it is open');
    }
    socket.stop();
    await until(() => !socket.isOpen(), 'it is closed');
    const told = lines.filter(({ level }) => level === 'info').map(({ msg }) => msg);
    const renewed = ['disconnected from Slack', 'reconnected to Slack'];
    assert.deepEqual(told, [...renewed, ...renewed]);
  });

  test('waits while Slack is away or asks for a pause, also when it is opened for the first time', async () => {
    const { socket, lines } = open();
    w.slack.trouble.rateLimit('apps.connections.open', { retryAfter: 0 });
    w.slack.trouble.fail('apps.connections.open', 'internal_error');
    await socket.start();
    assert.equal(socket.isOpen(), true);
    assert.deepEqual(
      lines.filter(({ msg }) => msg === 'no connection to Slack yet').map(({ level }) => level),
      ['warn', 'warn'],
    );
    socket.stop();
  });

  test('is refused at once when it is opened for the first time', async () => {
    const { socket } = open();
    w.slack.trouble.fail('apps.connections.open', 'account_inactive');
    await assert.rejects(socket.start(), /account_inactive/);
  });

  test('is given up after some time of refusals, and nothing more is asked then', async () => {
    const { socket, lines } = open({ giveUpAfterMs: 0 });
    await socket.start();
    w.slack.trouble.fail('apps.connections.open', 'token_revoked', 5);
    w.slack.trouble.drop();
    await socket.refused;
    assert.equal(lines.filter(({ level, error }) => level === 'error' && error === 'token_revoked').length, 1);
    assert.equal(socket.isOpen(), false);
  });
});
