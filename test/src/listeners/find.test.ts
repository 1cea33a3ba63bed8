import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/messages.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { openWire, type Wire } from '../../wire.ts';

describe('/maro find', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: `${wire.url}?max=1` });
    w.jira.index.lagMs = 0;
    for (let n = 1; n <= 12; n++) w.jira.issues.create('SHOP', { summary: `Zebra ${n}` });
    await type('track PLAT-1');
  });

  async function type(text: string): Promise<Message> {
    const seen = await w.slack.command(`/maro ${text}`, { channel: 'C1' });
    let [message] = seen.messages;
    // A busy machine may take its time.
    if (message?.text.endsWith('in a moment.')) message = await seen.next();
    assert.ok(message?.ephemeral_to, 'only the person who asked sees the answer');
    return message;
  }

  test('shows what Jira finds, and which of it the channel tracks, with one call and one trip', async () => {
    await type('find sign');
    w.jira.requests.splice(0);
    wire.trips = 0;
    const message = await type('find sign');
    assert.equal(w.jira.requests.length, 1);
    assert.equal(wire.trips, 1);
    const text = words(message);
    assert.match(text, /^\*\d issues for “sign”\*/);
    assert.match(text, /PLAT-1> One sign-in for every product · In Progress · Mara Lindqvist · tracked/);
    assert.match(text, /PLAT-2> Sign in with the company account · Done · Mara Lindqvist$/m);
  });

  test('tracks an issue by its button, once, and shows the search again', async () => {
    const message = await type('find zebra');
    assert.match(words(message), /10 issues for “zebra”/);
    assert.match(words(message), /There are more\. Add words to narrow the search down\./);
    const buttons = JSON.stringify(message.blocks).match(/SHOP-\d+ words zebra ~[\w-]+/g) ?? [];
    assert.equal(buttons.length, 10);
    const [value] = buttons;
    const pressed = await w.slack.press(message, 'Track', { value });
    const text = words((pressed.messages.at(-1) ?? (await pressed.next())).blocks);
    assert.match(text, /^SHOP-\d+: now tracked\./);
    assert.match(text, /Zebra 12 · .*tracked$/m);
    assert.equal(text.match(/tracked$/gm)?.length, 1);
    assert.match(words(await type('tracked')), /Zebra 12/);
  });

  test('takes JQL', async () => {
    assert.match(words(await type('find jql text ~ “zebra 7”')), /1 issue for the JQL text ~ “zebra 7”/);
    assert.match(words(await type('find jql nope = 1')), /^Jira refused the search\. /);
    assert.equal(words(await type('find jql project = "PLAT')), 'The JQL doesn’t close its quotes.');
  });

  test('finds the issue of a key, and words that only look like one', async () => {
    w.jira.requests.splice(0);
    const text = words(await type('find plat-2'));
    assert.match(text, /^\*1 issue for “plat-2”\*/);
    assert.match(text, /PLAT-2> Sign in with the company account/);
    assert.equal(w.jira.requests.length, 1);
    w.jira.issues.create('SHOP', { summary: 'Comply with ISO 9001' });
    assert.match(words(await type('find ISO-9001')), /^\*1 issue for “ISO-9001”\*.*Comply with ISO 9001/s);
    assert.match(words(await type('find PLAT-9999')), /^Jira found no issues for “PLAT-9999”\./);
  });

  test('says what was searched when nothing is found, and shows it as it was typed', async () => {
    const nothing = 'Jira looks for whole words. Try fewer or other ones.';
    assert.equal(words(await type('find quagga')), `Jira found no issues for “quagga”. ${nothing}`);
    const { text } = await type('find quagga <!channel> *bold*');
    assert.doesNotMatch(text, /<!channel>|\*bold\*/);
    assert.equal(words(await type('find')), 'Add words to search for, such as `/maro find sign-in`.');
    assert.equal(words(await type('find ?')), 'Add a word to search for.');
  });

  test('says so when Jira does not answer', async () => {
    w.jira.trouble('all', { kind: 'server_error', status: 503 });
    assert.match(words(await type('find sign')), /^Jira/);
    w.jira.trouble('all', undefined);
  });
});
