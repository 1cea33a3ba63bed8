import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { SlackOptions } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { readManifest } from '../../../src/manifest.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openWire, type Wire } from '../../wire.ts';

describe('/maro notify', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: wire.url });
  });
  afterEach(() =>
    assert.deepEqual(
      w.slack.refusals.splice(0).filter(({ error }) => error !== 'channel_not_found'),
      [],
    ),
  );

  const top = () => w.slack.views('ada').at(-1) as View;
  async function open(channel = 'C1'): Promise<View> {
    const seen = await w.slack.command('/maro notify', { channel });
    return await seen.nextView();
  }
  const stored = () =>
    rows(
      w.databaseUrl,
      'select channel_id, kind, to_json(events) as events, zone, weekday, minutes, next_at from notifications',
    );
  /** What an element of the form begins with. */
  function initial(view: View, block: string): unknown {
    const { element } = (view.blocks.find(({ block_id }) => block_id === block) ?? {}) as { element?: object };
    const { initial_value, initial_time, initial_option, initial_options } = (element ?? {}) as Record<string, never>;
    const values = (options: { value: string }[]) => options.map(({ value }) => value);
    const option = initial_option as { value: string } | undefined;
    return initial_value ?? initial_time ?? option?.value ?? (initial_options && values(initial_options));
  }
  const state = (view: View) => ['kind', 'events', 'weekday', 'time', 'zone'].map((block) => initial(view, block));

  test('begins with nothing, and with the time zone of the person', async () => {
    const form = await open();
    const zone = state(form)[4];
    assert.equal(zone, 'Europe/Berlin');
    assert.deepEqual(state(form).slice(0, 4), [
      'off',
      ['done', 'reopened', 'blocked', 'new', 'left', 'stale', 'unassigned', 'overdue', 'moved'],
      '1',
      '09:00',
    ]);
    assert.ok(!words(form.blocks).includes('/invite'), 'Maro is in the channel');
    await w.slack.submit(form);
    assert.match(words(top().blocks), /^Saved\. Maro posts nothing in this channel by itself\./);
    assert.deepEqual(await stored(), []);
  });

  test('stores a digest, says when the next one comes, and shows what is set', async () => {
    const values = {
      kind: 'weekly',
      events: ['done', 'stale'],
      weekday: 'Wednesday',
      time: '16:30',
      zone: 'Asia/Kathmandu',
    };
    await w.slack.submit(await open(), values);
    assert.match(
      words(top().blocks),
      /^Saved\. The next digest comes on Wednesday, \w+ \d+(,| at) 4:30.PM \(Asia\/Kathmandu\), if there is anything to tell\.\s*$/,
    );
    const [row] = await stored();
    const { next_at, ...set } = row ?? assert.fail('it is stored');
    assert.deepEqual(set, {
      ...{ channel_id: 'C1', kind: 'weekly', events: ['done', 'stale'], zone: 'Asia/Kathmandu' },
      ...{ weekday: 3, minutes: 16 * 60 + 30 },
    });
    assert.equal(new Date(String(next_at)).getUTCDay(), 3);
    assert.deepEqual(state(await open()), ['weekly', ['done', 'stale'], '3', '16:30', 'Asia/Kathmandu']);
  });

  test('is turned off', async () => {
    await w.slack.submit(await open(), { kind: 'off' });
    assert.deepEqual(await stored(), []);
  });

  test('refuses no events and an unknown time zone at their fields, but not when nothing is to be posted', async () => {
    const form = await open();
    for (const [values, errors] of [
      [{ kind: 'daily', events: [] }, { events: 'Choose what the digest tells.' }],
      [{ kind: 'daily', events: ['moved'] }, { events: 'Choose what the digest tells.' }],
      [
        { kind: 'threads', events: ['new', 'stale'] },
        { events: 'Choose “Done”, “Reopened”, or “Started, or back to do”. Threads tell nothing else.' },
      ],
      [
        { kind: 'daily', zone: 'Mars/Olympus', events: ['done'] },
        { zone: 'Maro doesn’t know this time zone. Type one such as Europe/Berlin.' },
      ],
    ] as const) {
      assert.deepEqual((await w.slack.submit(form, values)).errors, errors);
    }
    assert.deepEqual(await stored(), []);
    await w.slack.submit(form, { kind: 'off' });
    assert.match(words(top().blocks), /^Saved/);
  });

  test('stores replies in threads, and shows that they are set', async () => {
    await w.slack.submit(await open(), { kind: 'threads', events: ['done'] });
    assert.equal(
      words(top().blocks).trim(),
      'Saved. When the status of an issue changes that was tracked from a message, Maro replies in its thread within about a minute.',
    );
    assert.deepEqual(state(await open()).slice(0, 2), ['threads', ['done']]);
    await w.slack.submit(top(), { kind: 'off' });
  });

  test('keeps what was typed when the database is away, and stores it afterwards', async () => {
    const form = await open();
    await wire.stop();
    await w.slack.submit(form, { kind: 'daily', time: '07:45', zone: 'UTC', events: ['done'] });
    await wire.start();
    assert.match(words(top().blocks), /database/);
    assert.deepEqual(state(top()), ['daily', ['done'], '1', '07:45', 'UTC']);
    await w.slack.submit(top());
    assert.match(words(top().blocks), /^Saved\. The next digest comes on \w+, \w+ \d+(,| at) 7:45.AM \(UTC\)/);
    assert.equal((await stored()).length, 1);
  });

  test('says in a channel without Maro that it has to be invited, and takes the settings all the same', async () => {
    const form = await open('C3');
    assert.match(
      words(form.blocks),
      /^Maro isn’t in this channel, so it can’t post here\. Invite it with \/invite @Maro\./,
    );
    await w.slack.submit(form, { kind: 'daily' });
    assert.match(words(top().blocks), /^Saved.*\s+Maro isn’t in this channel/s);
    assert.deepEqual((await stored()).map(({ channel_id }) => channel_id).sort(), ['C1', 'C3']);
  });
});

describe('/maro notify without its optional scopes', () => {
  test('says that Maro posts only where it is and adds no reactions, and asks for the time zone', async () => {
    const manifest = (await readManifest()) as SlackOptions['manifest'];
    const bot = (manifest.oauth_config?.scopes?.bot ?? []).filter(
      (scope) => !/^((channels|users):read|reactions:write)$/.test(scope),
    );
    const w = await world({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
    await startMaro(w);
    const seen = await w.slack.command('/maro notify', { channel: 'C1' });
    const form = await seen.nextView();
    assert.match(words(form.blocks), /^Maro posts only in channels that it is in\./);
    assert.match(JSON.stringify(form.blocks), /"initial_value":"UTC"/);
    await w.slack.submit(form, { kind: 'threads' });
    const saved = w.slack.views('ada').at(-1) as View;
    assert.match(
      words(saved.blocks),
      /^Saved\. .*\nMaro lacks the scope reactions:write, so it can’t mark messages with ✅\./s,
    );
  });
});
