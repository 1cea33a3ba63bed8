import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, beforeEach, describe, test } from 'node:test';
import { createTakeEvent } from '../../src/issues/events.ts';
import { delta } from '../../src/issues/sync.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';
import { openWire, type Wire } from '../wire.ts';
import { boardDeps } from './boards/world.ts';

const SECRET = 'a-secret-of-the-webhook';
const FORMER = 'the-secret-before-that';

describe("Jira's webhook", () => {
  let w: World;
  let maro: Maro;
  let line: Wire;
  before(async () => {
    w = await world();
    line = await openWire(w.databaseUrl);
    const secrets = { JIRA_WEBHOOK_SECRET: `${SECRET}, ${FORMER}` };
    maro = await startMaro(w, { ...secrets, PORT: '0', DATABASE_URL: line.url });
    w.jira.webhooks.register({ url: `http://127.0.0.1:${maro.port}/jira/webhook`, secret: SECRET });
    w.jira.webhooks.pauseMs = 50;
    assert.match(
      words((await w.slack.command('/maro track PLAT-1 PLAT-2 PLAT-3 PLAT-4 PLAT-5', { channel: 'C1' })).messages[0]),
      /PLAT-5: now tracked/,
    );
  });
  beforeEach(() => {
    w.jira.webhooks.trouble(undefined);
    w.jira.webhooks.deliveries.length = 0;
  });

  const changesOf = (key: string) =>
    rows<{ what: string; author: string | null; to_text: string | null }>(
      w.databaseUrl,
      `select what, author, to_text from issue_changes join jira_issues using (tenant_id, site, issue_id)
       where issue_key = $1 or $1 = any (former_keys) order by changed_at, change_id`,
      key,
    );
  const known = async (key: string) => {
    const found = await rows<{ status: string; summary: string; gone_at: Date | null }>(
      w.databaseUrl,
      'select status, summary, gone_at from jira_issues where issue_key = $1',
      key,
    );
    return found[0] ?? assert.fail(key);
  };
  const statuses = () => w.jira.webhooks.deliveries.map(({ statuses }) => statuses);

  async function send(body: string | Buffer, headers: Record<string, string> = {}): Promise<number> {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const { status } = await fetch(`http://127.0.0.1:${maro.port}/jira/webhook`, {
      method: 'POST',
      headers: { 'x-hub-signature': `sha256=${signature}`, ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    return status;
  }

  test('stores a change with who made it, and the issue as it is now, without asking Jira', async () => {
    await w.slack.command('/maro tracked', { channel: 'C1' });
    w.jira.issues.edit('PLAT-1', { summary: 'First' }, 'tobias');
    await w.jira.webhooks.settled();
    const asked = w.jira.count();
    w.jira.issues.edit('PLAT-1', { summary: 'By a webhook' }, 'tobias');
    await w.jira.webhooks.settled();
    assert.equal(w.jira.count(), asked);
    const changes = await changesOf('PLAT-1');
    assert.deepEqual(changes.at(-1), { what: 'summary', author: 'Tobias Krämer', to_text: 'By a webhook' });
    assert.equal((await known('PLAT-1')).summary, 'By a webhook');
  });

  test('stores comments that are written, edited, and deleted, and an issue that is deleted or moved', async () => {
    const { id } = w.jira.issues.comment('PLAT-2', 'Hello', 'mara');
    await w.jira.webhooks.settled();
    w.jira.issues.editComment('PLAT-2', id, 'Hello again', 'mara');
    await w.jira.webhooks.settled();
    w.jira.issues.deleteComment('PLAT-2', id, 'tobias');
    await w.jira.webhooks.settled();
    w.jira.issues.move('PLAT-2', 'SHOP', 'mara');
    await w.jira.webhooks.settled();
    const whats = (await changesOf('PLAT-2')).map(({ what }) => what);
    for (const what of ['comment', 'comment edited', 'comment deleted', 'moved'])
      assert.ok(whats.includes(what), whats.join());
    w.jira.issues.remove('PLAT-3', 'tobias');
    await w.jira.webhooks.settled();
    assert.deepEqual(
      (await changesOf('PLAT-3')).map(({ what, author }) => [what, author]),
      [['deleted', 'Tobias Krämer']],
    );
    assert.notEqual((await known('PLAT-3')).gone_at, null);
    assert.deepEqual(
      statuses()
        .flat()
        .filter((status) => status !== 200),
      [],
    );
  });

  for (const kind of ['doubled', 'repeated', 'reordered', 'bare'] as const) {
    test(`ends in the same rows when events are ${kind}`, async () => {
      w.jira.webhooks.trouble({ kind });
      for (const n of [1, 2, 3]) w.jira.issues.edit('PLAT-4', { summary: `${kind} ${n}` }, 'tobias');
      w.jira.webhooks.trouble(undefined);
      await w.jira.webhooks.settled();
      assert.equal((await known('PLAT-4')).summary, `${kind} 3`);
      const texts = (await changesOf('PLAT-4')).map(({ to_text }) => to_text).filter((text) => text?.startsWith(kind));
      assert.deepEqual(texts, kind === 'bare' ? [] : [1, 2, 3].map((n) => `${kind} ${n}`));
    });
  }

  test('stores simultaneous events by one statement, but two events of one issue one after the other', async () => {
    const at = Date.now() + 60_000;
    await w.slack.command('/maro track PLAT-10 PLAT-11 PLAT-12', { channel: 'C2' });
    const ids = await rows<{ issue_id: string; issue_key: string }>(
      w.databaseUrl,
      "select issue_id, issue_key from jira_issues where issue_key in ('PLAT-10', 'PLAT-11', 'PLAT-12') order by issue_key",
    );
    const event = ({ issue_id: id, issue_key: key }: (typeof ids)[number], n: number) =>
      JSON.stringify({
        timestamp: at + n,
        webhookEvent: 'jira:issue_updated',
        issue: {
          id,
          key,
          fields: {
            summary: `Together ${n}`,
            status: { name: 'To Do', statusCategory: { key: 'new' } },
            updated: new Date(at + n).toISOString(),
          },
        },
      });
    // Without HTTP, so that the events are simultaneous on a slow machine, too.
    const own = await openWire(w.databaseUrl);
    const take = createTakeEvent(await boardDeps({ ...w, env: { ...w.env, DATABASE_URL: own.url } }));
    await take(JSON.parse(event(ids[0] ?? assert.fail(), 0)), 'first');
    own.trips = 0;
    const twice = ids.flatMap((issue) => [event(issue, 1), event(issue, 2)]);
    const taken = await Promise.all(twice.map((body, n) => take(JSON.parse(body), `simultaneous ${n}`)));
    assert.deepEqual(
      taken,
      twice.map(() => true),
    );
    assert.equal(own.trips, 2);
    for (const { issue_key } of ids) assert.equal((await known(issue_key)).summary, 'Together 2');
  });

  test('writes the row of an issue once for a change, and the delta once more for the history, whatever comes again', async () => {
    const version = async () => {
      const [row] = await rows(
        w.databaseUrl,
        "select ctid::text, xmin::text from jira_issues where issue_key = 'PLAT-6'",
      );
      return row;
    };
    w.jira.index.lagMs = 0;
    await w.slack.command('/maro track PLAT-6', { channel: 'C1' });
    const deps = await boardDeps(w);
    const versions = [await version()];
    const writes = async (step: () => Promise<unknown>) => {
      await step();
      versions.push(await version());
      return versions.at(-1)?.ctid === versions.at(-2)?.ctid ? 0 : 1;
    };
    const change = async () => {
      w.jira.issues.edit('PLAT-6', { summary: 'Once' }, 'tobias');
      await w.jira.webhooks.settled();
    };
    const sendAgain = async () => {
      const { body, identifier = '' } = w.jira.webhooks.deliveries.at(-1) ?? assert.fail();
      await send(JSON.stringify(body), { 'x-atlassian-webhook-identifier': identifier });
      await send(JSON.stringify(body), { 'x-atlassian-webhook-identifier': 'another' });
    };
    assert.equal(await writes(change), 1);
    assert.equal(await writes(sendAgain), 0);
    assert.equal(await writes(() => delta(deps)), 1);
    assert.equal(await writes(() => delta(deps)), 0);
    assert.equal(await writes(sendAgain), 0);
  });

  test('takes an event once, however often Jira sends it, also when it is older than what is stored', async () => {
    w.jira.issues.edit('PLAT-5', { summary: 'Old' }, 'tobias');
    await w.jira.webhooks.settled();
    const [old] = w.jira.webhooks.deliveries;
    w.jira.issues.edit('PLAT-5', { summary: 'New' }, 'tobias');
    await w.jira.webhooks.settled();
    const before = await changesOf('PLAT-5');
    const body = JSON.stringify(old?.body);
    assert.equal(await send(body, { 'x-atlassian-webhook-identifier': old?.identifier ?? '' }), 200);
    assert.equal(await send(body, { 'x-atlassian-webhook-identifier': 'another' }), 200);
    assert.equal((await known('PLAT-5')).summary, 'New');
    assert.deepEqual(await changesOf('PLAT-5'), before);
  });

  test('is answered 503 while the database does not answer, so that Jira sends the event again', async () => {
    await line.stop();
    try {
      w.jira.issues.edit('PLAT-5', { summary: 'In the meantime' });
      await until(() => (w.jira.webhooks.deliveries[0]?.statuses.length ?? 0) > 0, 'an answer came');
      assert.equal(statuses()[0]?.[0], 503);
    } finally {
      await line.start();
    }
    await w.jira.webhooks.settled();
    assert.equal(statuses()[0]?.at(-1), 200);
    assert.equal((await known('PLAT-5')).summary, 'In the meantime');
  });

  test('is refused without a signature, with a wrong one, and with that of another body; the former secret is valid', async () => {
    const body = JSON.stringify({ webhookEvent: 'jira:issue_updated', timestamp: Date.now() });
    const signed = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    for (const header of ['', 'sha256=', 'sha256=00', signed('guess'), signed(SECRET).toUpperCase()]) {
      assert.equal(await send(body, { 'x-hub-signature': header }), 401, header);
    }
    assert.equal(await send(`${body} `, { 'x-hub-signature': signed(SECRET) }), 401);
    assert.equal(await send(body, { 'x-hub-signature': signed(FORMER) }), 200);
  });

  test('is refused unread when it is too large, and with 400 when it is no event', async () => {
    // The connection may end before all of the body is sent.
    assert.equal(await send(Buffer.alloc(3_000_000, ' ')).catch(() => 413), 413);
    assert.ok(maro.log.some(({ msg }) => msg === 'a webhook of Jira that is too large'));
    for (const body of ['', 'null', '[]', '{', '{}', '{"webhookEvent":7}']) assert.equal(await send(body), 400, body);
  });

  test('says nothing about issues that nobody tracks, or of another site, and stores no id of such an event', async () => {
    const count = async () => (await rows(w.databaseUrl, 'select from jira_events')).length;
    const before = await count();
    w.jira.issues.edit('SHOP-1', { summary: 'Of nobody' });
    await w.jira.webhooks.settled();
    const { body } = w.jira.webhooks.deliveries[0] ?? assert.fail('an event was sent');
    const issue = { ...(body.issue as object), id: '10001', self: 'https://other.atlassian.net/rest/api/3/issue/1' };
    assert.equal(
      await send(JSON.stringify({ ...body, issue }), { 'x-atlassian-webhook-identifier': 'elsewhere' }),
      200,
    );
    assert.equal(await count(), before);
  });

  test('does not make an issue visible that Maro may not see, and reads one again whose security changed', async () => {
    w.jira.issues.forbid('PLAT-5');
    const { id } = w.jira.issues.find('PLAT-5') ?? assert.fail();
    const event = (items: object[]) => ({
      ...{ webhookEvent: 'jira:issue_updated', timestamp: Date.now(), user: {}, changelog: { id: '99', items } },
      issue: {
        id,
        key: 'PLAT-5',
        fields: {
          summary: 'Secret',
          status: { name: 'X', statusCategory: { key: 'new' } },
          updated: new Date(Date.now() + 60_000).toISOString(),
        },
      },
    });
    assert.equal(await send(JSON.stringify(event([{ field: 'security', fieldId: 'security', to: '1' }]))), 200);
    assert.notEqual((await known('PLAT-5')).gone_at, null);
    assert.equal(
      await send(JSON.stringify(event([{ field: 'summary', fieldId: 'summary', toString: 'Secret' }]))),
      200,
    );
    assert.deepEqual(await known('PLAT-5').then(({ summary, gone_at }) => [summary, gone_at === null]), ['', false]);
  });
});
