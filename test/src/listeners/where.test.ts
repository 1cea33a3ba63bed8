import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, type World, words, world } from '../../maro.ts';
import { openWire } from '../../wire.ts';

const T = 'T0ACME';
const users = [
  { id: 'U0ADA', short: 'U1', name: 'ada', team_id: T },
  { id: 'U0BEN', short: 'U2', name: 'ben', team_id: T },
  { id: 'U0GIL', short: 'U3', name: 'gil', team_id: T, guest: 'of channels' as const },
  { id: 'U0NOA', short: 'U4', name: 'noa', team_id: 'T0NORTH' },
];
const of = (type: 'public' | 'private', id: string, members: string[], more = {}) => ({
  ...{ id, name: id.toLowerCase(), type, app_is_member: true, members: members.map((name) => `U0${name}`) },
  ...more,
});
const channels = [
  of('public', 'C1', ['ADA', 'BEN', 'GIL']),
  of('public', 'C2', ['BEN']),
  of('private', 'C3', ['BEN']),
  of('private', 'C4', ['ADA', 'BEN']),
  of('private', 'C5', ['ADA', 'BEN'], { app_is_member: false }),
  of('public', 'C6', ['BEN'], { archived: false }),
  of('public', 'C7', ['NOA', 'BEN'], { shared_with: 'T0NORTH' }),
];

describe('/maro where', () => {
  let w: World;
  let wire: Awaited<ReturnType<typeof openWire>>;
  before(async () => {
    w = await world({ users, channels });
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: wire.url, JIRA_PROJECTS: 'PLAT,SHOP' });
    for (const channel of ['C1', 'C2', 'C3', 'C4', 'C5', 'C6']) {
      await w.slack.command('/maro track PLAT-1', { channel, user: 'ben' });
    }
    await w.slack.command('/maro track PLAT-2', { channel: 'C3', user: 'ben' });
  });
  afterEach(() => {
    // Slack tells the app nothing of C5.
    const others = w.slack.refusals.splice(0).filter(({ error }) => error !== 'channel_not_found');
    assert.deepEqual(others, []);
  });

  async function where(user: string, channel: string, text = 'PLAT-1'): Promise<string> {
    const [message] = (await w.slack.command(`/maro where ${text}`, { user, channel })).messages;
    assert.ok(message?.ephemeral_to !== undefined);
    return words(message.blocks.length > 0 ? message.blocks : message);
  }
  const listed = (said: string) => [...said.matchAll(/<#(C\d)>|This channel/g)].map(([all, id]) => id ?? all);

  test('lists the channels that the person is in, and the public ones, the latest first', async () => {
    assert.deepEqual(listed(await where('ada', 'C1')), ['This channel', 'C6', 'C4', 'C2']);
  });

  test('lists a private channel to its members alone', async () => {
    assert.ok(!(await where('ada', 'C1')).includes('C3'));
    assert.ok((await where('ben', 'C1')).includes('C3'));
  });

  test('lists a private channel of which Slack tells nothing in that channel alone', async () => {
    assert.ok(!(await where('ada', 'C4')).includes('C5'));
    assert.deepEqual(listed(await where('ada', 'C5'))[0], 'This channel');
  });

  test('says the same of an issue that only others’ channels track as of one that no channel tracks', async () => {
    const secret = await where('ada', 'C1', 'PLAT-2');
    const none = await where('ada', 'C1', 'PLAT-3');
    assert.equal(secret.replace('PLAT-2', 'PLAT-3'), none);
    assert.match(none, /No channel that you can see tracks PLAT-3\./);
  });

  test('lists to a guest and to a person of another company the channels that they are in alone', async () => {
    assert.deepEqual(listed(await where('gil', 'C1')), ['This channel']);
    assert.deepEqual(listed(await where('noa', 'C7')), []);
  });

  test('leaves out an archived channel', async () => {
    w.slack.workspace.channel('C6').archived = true;
    assert.ok(!(await where('ada', 'C1')).includes('C6'));
    w.slack.workspace.channel('C6').archived = false;
  });

  test('leaves out what Slack does not confirm, and says why channels may be missing', async () => {
    w.slack.trouble.fail('users.conversations', 'internal_error');
    const unlisted = await where('ada', 'C1');
    assert.deepEqual(listed(unlisted), ['This channel', 'C6', 'C2']);
    assert.match(unlisted, /Slack didn’t list your channels/);
    w.slack.trouble.fail('users.info', 'user_not_visible');
    assert.deepEqual(listed(await where('ada', 'C1')), ['This channel', 'C4']);
    w.slack.trouble.fail('conversations.info', 'ratelimited');
    assert.equal(listed(await where('ada', 'C1')).length, 3, 'one of the two public channels is not confirmed');
  });

  test('asks Slack anew each time, so that a person who left a channel does not see it any more', async () => {
    const channel = w.slack.workspace.channel('C4');
    channel.members = ['U0BEN'];
    assert.ok(!(await where('ada', 'C1')).includes('C4'));
    channel.members = ['U0ADA', 'U0BEN'];
  });

  test('finds an issue by a key that it had before it moved, and by a link', async () => {
    await w.slack.command('/maro track PLAT-9', { channel: 'C1', user: 'ada' });
    const { key } = w.jira.issues.move('PLAT-9', 'SHOP');
    await w.slack.command(`/maro track ${key}`, { channel: 'C1', user: 'ada' });
    assert.deepEqual(listed(await where('ada', 'C4', 'plat-9')), ['C1']);
    assert.deepEqual(listed(await where('ada', 'C4', `${w.jira.site}/browse/${key}`)), ['C1']);
  });

  test('takes one trip to the database', async () => {
    await where('ada', 'C1');
    wire.trips = 0;
    await where('ada', 'C1');
    assert.equal(wire.trips, 1);
  });

  for (const [text, said] of [
    ['', /^Add one issue key, such as `\/maro where PLAT-1`\./],
    ['PLAT-1 PLAT-2', /^Add one issue key/],
    ['foo', /foo: not an issue key/],
    ['HR-1', /HR-1: not allowed/],
    ['https://other.example/browse/PLAT-1', /another Jira site/],
  ] as const) {
    test(`says what is wrong with “${text}”`, async () => assert.match(await where('ada', 'C1', text), said));
  }
});
