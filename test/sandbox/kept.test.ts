import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startJira } from '../../sandbox/jira/index.ts';
import { type Kept, keep, readKept } from '../../sandbox/kept.ts';
import { startSlack } from '../../sandbox/slack/index.ts';
import { manifest } from './slack/example.ts';

const folder = await mkdtemp(join(tmpdir(), 'maro-kept-'));
after(() => rm(folder, { recursive: true, force: true }));

/** As it comes back from a file. */
const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('Slack begins with what an earlier run kept: channels, messages with their pins, and what was read', async (t) => {
  const first = await startSlack({ manifest });
  t.after(() => first.stop());
  await first.command('/leave', { user: 'cyd', channel: 'C2' });
  await first.command('/invite U0MAROBOT', { channel: 'C3' });
  const message = first.post('Who reads that?', { user: 'ben', channel: 'C3' });
  first.post('I do.', { user: 'cyd', channel: 'C3', thread_ts: message.ts });
  first.pin(message, true, { user: 'ada', channel: 'C3' });
  first.mark('ada', 'C3', message.ts);
  const second = await startSlack({ manifest, kept: through(first.keep()) });
  t.after(() => second.stop());
  assert.deepEqual(second.keep(), first.keep());
  assert.deepEqual(second.messages('C3', 'ada'), first.messages('C3', 'ada'));
  assert.equal(second.workspace.channel('C3').app_is_member, true);
  assert.deepEqual(second.messages('C2', 'cyd'), []);
  const { ts } = second.post('The next day.', { channel: 'C3' });
  assert.ok(first.everything().every((each) => each.ts < ts));
});

test('Jira begins with what an earlier run kept: issues with their parents and links, and every key that ever was', async (t) => {
  const first = await startJira();
  t.after(() => first.stop());
  const { issues } = first;
  const child = issues.create('PLAT', { summary: 'A child', parent: 'PLAT-1', assignee: 'mara', type: 'Story' });
  child.links.push({ id: 1, globalId: 'g', title: 'A message', url: 'https://acme.example' });
  issues.move('PLAT-9', 'SHOP');
  issues.edit('PLAT-5', { status: 'Done' });
  issues.forbid('PLAT-2');
  issues.remove('PLAT-3');
  const { id } = issues.comment('PLAT-5', 'Why?', 'maro');
  issues.editComment('PLAT-5', id, 'Why not?', null);
  issues.deleteComment('PLAT-5', issues.comment('PLAT-5', 'Gone.').id);
  const second = await startJira({ kept: through(issues.keep()) });
  t.after(() => second.stop());
  assert.deepEqual(second.issues.all(), issues.all());
  assert.deepEqual(second.issues.find('PLAT-9'), issues.find('PLAT-9'));
  assert.equal(second.issues.find('PLAT-3'), undefined);
  const ids = [first, second].map((jira) => [
    jira.issues.comment('PLAT-5', 'Later.').id,
    jira.issues.edit('PLAT-5', { status: 'Ready' }).histories.at(-1)?.id,
  ]);
  assert.deepEqual(ids[0], ids[1], 'ids go on where they were');
  const next = second.issues.create('PLAT', { summary: 'The next day' });
  assert.equal(next.id, String(Number(child.id) + 1));
  assert.equal(next.key, `PLAT-${Number(child.key.slice(5)) + 1}`);
  assert.equal(second.index.all().length, issues.all().length, 'the search knows them');
});

test('Jira begins with what was kept before it had histories and comments', async (t) => {
  const first = await startJira();
  t.after(() => first.stop());
  const { nextHistoryId, nextCommentId, ...kept } = through(first.issues.keep());
  for (const issue of kept.issues) {
    delete issue.histories;
    delete issue.comments;
  }
  const second = await startJira({ kept });
  t.after(() => second.stop());
  assert.deepEqual(second.issues.all(), first.issues.all());
  assert.equal(second.issues.edit('PLAT-5', { status: 'Done' }).histories.length, 1);
});

const nothing: Kept = {
  slack: { channels: [], messages: [], marks: {} },
  jira: { issues: [], ids: {}, nextId: 1 },
};

test('what changes is kept at the end, in a file that is read back, and no draft of it is left', async () => {
  const file = join(folder, 'kept.json');
  assert.equal(await readKept(file), undefined);
  let kept = nothing;
  const keeper = keep(file, () => kept, assert.fail);
  kept = { ...nothing, jira: { ...nothing.jira, nextId: 2 } };
  await keeper.stop();
  assert.deepEqual(await readKept(file), kept);
  assert.deepEqual(await readdir(folder), ['kept.json']);
});

test('of two sandboxes the first that writes keeps its own, and the other one says that it does not', async () => {
  const file = join(folder, 'two.json');
  const said: string[] = [];
  const [one, other] = [1, 2].map((nextId) =>
    keep(
      file,
      () => ({ ...nothing, jira: { ...nothing.jira, nextId } }),
      (sentence) => said.push(sentence),
    ),
  );
  await one?.stop();
  await other?.stop();
  assert.equal((await readKept(file))?.jira.nextId, 1);
  assert.equal(said.length, 1);
  assert.match(
    said.join(),
    /^Another sandbox is using .*two\.json\. The Slack and Jira data of this sandbox is no longer saved/,
  );
});

for (const [name, text, why] of [
  ['half a file', '{"version":1,"slack":{', /JSON/],
  ['a file of another version', '{"version":0}', /it has version 0, and this sandbox reads version 1/],
] as const) {
  test(`${name} is refused in a sentence and stays as it is`, async () => {
    const file = join(folder, 'unreadable.json');
    await writeFile(file, text);
    await assert.rejects(readKept(file), ({ message }: Error) => why.test(message) && message.includes('--fresh'));
    assert.equal(await readFile(file, 'utf8'), text);
  });
}

test('an issue of a project that Jira does not have anymore is refused in a sentence', async () => {
  const jira = await startJira();
  const kept = through(jira.issues.keep());
  await jira.stop();
  for (const issue of kept.issues) issue.project = '1';
  await assert.rejects(startJira({ kept }), { message: /^\S+-\d+ has a project that this Jira does not have\.$/ });
});
