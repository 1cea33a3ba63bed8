import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

describe('/maro show', () => {
  let w: World;
  before(async () => {
    w = await world();
    const maro = await startMaro(w, { PORT: '0', JIRA_WEBHOOK_SECRET: 'a-secret-of-the-webhook' });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: 'a-secret-of-the-webhook' });
  });
  after(() => assert.deepEqual(w.slack.refusals, []));

  const show = async (rest: string) => (await w.slack.command(`/maro show ${rest}`, { channel: 'C1' })).messages[0];

  test('shows the description’s beginning, the due date, and what changed last', async () => {
    await w.slack.command('/maro track PLAT-4', { channel: 'C1' });
    const description = {
      type: 'doc',
      version: 1,
      content: [
        { type: 'paragraph', content: [{ type: 'text', text: 'First *line* <!here>' }] },
        { type: 'paragraph', content: [{ type: 'text', text: 'x'.repeat(600) }] },
      ],
    };
    w.jira.issues.edit('PLAT-4', { description, duedate: '2026-12-24' });
    await w.slack.command('/maro move PLAT-4 Start', { channel: 'C1' });
    await w.jira.webhooks.settled();
    const known = `select from issue_changes where what = 'status'`;
    await until(async () => (await rows(w.databaseUrl, known)).length > 0, 'the change is known');
    w.jira.resetRequests();
    const said = words(await show('PLAT-4'));
    assert.match(said, /^PLAT-4 .*\n?.*In Progress/);
    assert.match(said, /First \*line\* <!here>\nx{470,500}Due /);
    assert.match(said, /Due Dec 24, 2026 · Maro moved it from To Do to In Progress, <!date/);
    assert.equal(w.jira.requests.length, 1);
  });

  test('offers to track an issue that the channel does not track, and says why it cannot show one', async () => {
    assert.match(words(await show('PLAT-5')), /Track$/m);
    assert.equal(
      words(await show('PLAT-999')),
      'Maro can’t show PLAT-999. There’s no such issue, or Maro can’t see it.',
    );
  });
});
