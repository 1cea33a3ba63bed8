import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ask, started, until } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const SECRET = 'It’s a secret';

async function hooked(t: TestContext): Promise<{ jira: Jira; receiver: Receiver }> {
  const [jira, receiver] = await Promise.all([started(t), startReceiver(t)]);
  jira.webhooks.register({ url: receiver.url, secret: SECRET });
  jira.webhooks.pauseMs = 1;
  return { jira, receiver };
}

/** The bodies that came, once nothing more is on its way. */
async function bodies({ jira, receiver }: { jira: Jira; receiver: Receiver }) {
  await jira.webhooks.settled();
  return receiver.received.map(({ body }) => body);
}

const event = (body: { webhookEvent: string }) => body.webhookEvent;

test('an issue that is edited is told with what changed, who did it, and how it is now', async (t) => {
  const w = await hooked(t);
  const { issues } = w.jira;
  const { updated, histories } = issues.edit('PLAT-3', { status: 'Done', assignee: 'yuki' }, 'aisha');
  const [body, ...others] = await bodies(w);
  assert.deepEqual(others, []);
  const { issue, user, changelog, ...head } = body;
  assert.deepEqual(head, {
    timestamp: +updated,
    webhookEvent: 'jira:issue_updated',
    issue_event_type_name: 'issue_generic',
  });
  assert.equal(user.displayName, 'Aisha Rahman');
  assert.deepEqual(Object.keys(changelog), ['id', 'items']);
  assert.equal(changelog.id, histories[0]?.id);
  const [status, assignee] = changelog.items;
  assert.deepEqual([status.fromString, status.toString, status.to], ['In Review', 'Done', '10105']);
  assert.deepEqual([assignee.tmpFromAccountId, assignee.tmpToAccountId], [assignee.from, assignee.to]);
  assert.equal(issue.self, `${w.jira.site}/rest/api/2/${issue.id}`);
  assert.deepEqual([issue.key, issue.fields.status.statusCategory.key], ['PLAT-3', 'done']);
  assert.equal(issue.fields.description, 'Stay signed in on a phone for thirty days', 'a text, and no document');
  assert.match(issue.fields.updated, /\+0100$/, 'in the time zone of the site');
  assert.equal(+new Date(issue.fields.updated), +updated);
  assert.equal(issue.fields.comment, undefined);
});

test('creating, moving and deleting an issue are told, its comments going with it', async (t) => {
  const w = await hooked(t);
  const { issues } = w.jira;
  const { key, id } = issues.create('PLAT', { summary: 'New', assignee: 'mara' });
  issues.move(key, 'SHOP');
  issues.edit(id, { assignee: null });
  issues.edit(id, { summary: 'Newer' });
  issues.comment(id, 'Why?');
  issues.remove(id, null);
  const all = await bodies(w);
  assert.deepEqual(all.map(event), [
    'jira:issue_created',
    'jira:issue_updated',
    'jira:issue_updated',
    'jira:issue_updated',
    'comment_created',
    'jira:issue_deleted',
    'comment_deleted',
  ]);
  const types = ['issue_created', 'issue_moved', 'issue_assigned', 'issue_updated', undefined, undefined, undefined];
  assert.deepEqual(
    all.map((body) => body.issue_event_type_name),
    types,
  );
  assert.deepEqual(
    all[0].changelog.items.map(({ field }: { field: string }) => field),
    ['Status', 'summary', 'description', 'assignee', 'priority'],
  );
  assert.deepEqual([all[5].issue.id, all[5].user, all[5].changelog], [id, undefined, undefined]);
  const flows = w.receiver.received.map(({ headers }) => headers['x-atlassian-webhook-flow']);
  assert.deepEqual(flows.slice(-2), ['Primary', 'Secondary']);
});

test('comments are told with a short issue, and a deleted one without who deleted it', async (t) => {
  const w = await hooked(t);
  const { issues } = w.jira;
  const { id, created } = issues.comment('PLAT-3', 'Why?', 'yuki', { visibility: { type: 'role', value: 'Admins' } });
  issues.editComment('PLAT-3', id, 'Why not?', 'tobias');
  issues.deleteComment('PLAT-3', id, 'aisha');
  const all = await bodies(w);
  assert.deepEqual(all.map(event), ['comment_created', 'comment_updated', 'comment_deleted']);
  const [made, edited, deleted] = all;
  assert.deepEqual(Object.keys(made).sort(), ['comment', 'eventType', 'issue', 'timestamp', 'webhookEvent']);
  assert.deepEqual(Object.keys(made.issue), ['id', 'self', 'key', 'fields']);
  const fields = ['assignee', 'issuetype', 'priority', 'project', 'status', 'summary'];
  assert.deepEqual(Object.keys(made.issue.fields).sort(), fields);
  assert.deepEqual([made.comment.body, made.comment.visibility.value], ['Why?', 'Admins']);
  assert.equal(+new Date(made.comment.created), +created);
  assert.deepEqual(
    [edited.comment.body, edited.comment.author.displayName, edited.comment.updateAuthor.displayName],
    ['Why not?', 'Yuki Tanaka', 'Tobias Krämer'],
  );
  assert.deepEqual([deleted.comment.id, deleted.user], [id, undefined]);
  assert.ok(!JSON.stringify(deleted).includes('Aisha'));
});

test('the body is signed as it is sent, and nothing is signed without a secret', async (t) => {
  const w = await hooked(t);
  w.jira.issues.edit('PLAT-3', { summary: 'Größe: 10 €' });
  await w.jira.webhooks.settled();
  w.jira.webhooks.register({ url: w.receiver.url });
  w.jira.issues.edit('PLAT-3', { summary: 'x' });
  await w.jira.webhooks.settled();
  const [signed, unsigned] = w.receiver.received;
  const hex = createHmac('sha256', SECRET).update(String(signed?.text)).digest('hex');
  assert.equal(signed?.headers['x-hub-signature'], `sha256=${hex}`);
  assert.equal(unsigned?.headers['x-hub-signature'], undefined);
  w.jira.webhooks.register(undefined);
  w.jira.issues.edit('PLAT-3', { summary: 'y' });
  await w.jira.webhooks.settled();
  assert.equal(w.receiver.received.length, 2);
});

test('what Maro itself does is told as its own, and so is what Maro does not see', async (t) => {
  const w = await hooked(t);
  const fields = { project: { key: 'PLAT' }, issuetype: { name: 'Bug' }, summary: 'It is broken' };
  await ask(w.jira, 'issue', { body: { fields } });
  w.jira.issues.edit('PLAT-80', { status: 'Done' });
  const [made, hidden] = await bodies(w);
  const { accountId } = (await (await ask(w.jira, 'myself')).json()) as { accountId: string };
  assert.equal(made.user.accountId, accountId);
  assert.equal(hidden.issue.key, 'PLAT-80');
});

test('an event that is not taken is sent again with the same identifier, and no more than five times', async (t) => {
  const w = await hooked(t);
  for (const [answers, tries] of [
    [[503, 429, 0, 408, 425, 200], 6],
    [[409, 404], 2],
    [[400], 1],
    [[500, 500, 500, 500, 500, 500, 200], 6],
  ] as const) {
    w.receiver.answers.splice(0, Number.POSITIVE_INFINITY, ...answers);
    w.receiver.received.length = 0;
    w.jira.issues.comment('PLAT-3', 'Again');
    await w.jira.webhooks.settled();
    assert.equal(w.receiver.received.length, tries, answers.join());
    const headers = w.receiver.received.map((each) => each.headers);
    assert.equal(new Set(headers.map((each) => each['x-atlassian-webhook-identifier'])).size, 1);
    assert.deepEqual(
      headers.map((each) => each['x-atlassian-webhook-retry']),
      Array.from({ length: tries }, (_, retry) => (retry === 0 ? undefined : String(retry))),
    );
    const statuses = answers.slice(0, tries).map((status) => status || null);
    assert.deepEqual(w.jira.webhooks.deliveries.at(-1)?.statuses, statuses);
  }
});

test('an event that takes too long to be taken is sent again', async (t) => {
  const w = await hooked(t);
  w.jira.webhooks.answerMs = 1;
  w.jira.webhooks.register({ url: 'http://127.0.0.1:9/' });
  w.jira.issues.comment('PLAT-3', 'Nobody listens');
  await w.jira.webhooks.settled();
  assert.deepEqual(w.jira.webhooks.deliveries[0]?.statuses, [null, null, null, null, null, null]);
});

test('events can be lost, doubled, repeated, and come late or in the wrong order', async (t) => {
  const w = await hooked(t);
  const { webhooks, issues } = w.jira;
  const comment = (body: string) => issues.comment('PLAT-3', body);
  const texts = async () => (await bodies(w)).map(({ comment }) => comment.body).join(' ');
  const identifiers = () => w.receiver.received.map(({ headers }) => headers['x-atlassian-webhook-identifier']);
  const again = () => {
    w.receiver.received.length = 0;
  };

  webhooks.trouble({ kind: 'lost', times: 2 });
  for (const body of ['a', 'b', 'c']) comment(body);
  assert.equal(await texts(), 'c');
  assert.deepEqual(
    webhooks.deliveries.map(({ statuses }) => statuses),
    [[], [], [204]],
  );

  again();
  webhooks.trouble({ kind: 'doubled' });
  comment('d');
  assert.equal(await texts(), 'd d');
  assert.equal(new Set(identifiers()).size, 1);

  again();
  webhooks.trouble({ kind: 'repeated' });
  comment('e');
  assert.equal(await texts(), 'e e');
  assert.equal(new Set(identifiers()).size, 2);

  again();
  webhooks.trouble({ kind: 'reordered' });
  for (const body of ['f', 'g', 'h']) comment(body);
  assert.equal(await texts(), 'g f');
  webhooks.trouble(undefined);
  assert.equal(await texts(), 'g f h', 'what was held back comes after all');

  again();
  webhooks.trouble({ kind: 'reordered', times: 1 });
  for (const body of ['i', 'j', 'k']) {
    comment(body);
    if (body === 'j') await webhooks.settled();
  }
  assert.equal(await texts(), 'j i k');

  again();
  webhooks.trouble({ kind: 'delayed', ms: 50, times: 1 });
  comment('l');
  comment('m');
  assert.equal(await texts(), 'm l');

  again();
  webhooks.trouble({ kind: 'bare' });
  comment('n');
  issues.edit('PLAT-3', { status: 'Done' });
  const [bare, issue] = await bodies(w);
  assert.deepEqual([bare.comment.body, issue.user, issue.changelog.items], ['', undefined, []]);
});

test('anything can be sent as Jira would send it, and nothing is sent anymore after the end', async (t) => {
  const w = await hooked(t);
  w.jira.webhooks.send({ webhookEvent: 'worklog_created' });
  assert.deepEqual(await bodies(w), [{ webhookEvent: 'worklog_created' }]);
  w.receiver.answers.push(503);
  w.jira.webhooks.pauseMs = 60_000;
  w.jira.webhooks.send({ webhookEvent: 'worklog_created' });
  const statuses = () => w.jira.webhooks.deliveries.at(-1)?.statuses;
  await until(() => statuses()?.length === 1);
  await w.jira.stop();
  await w.jira.webhooks.settled();
  assert.deepEqual(statuses(), [503]);
});
