import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { filesOf, type Message } from '../../../sandbox/slack/messages.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openWire, type Wire } from '../../wire.ts';

describe('/maro export', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: `${wire.url}?max=1`, JIRA_PROJECTS: 'PLAT' });
    w.jira.issues.edit('PLAT-1', { summary: '=HYPERLINK("https://evil.example")', status: 'To Do' });
    await type('track PLAT-1 PLAT-2 PLAT-3');
  });

  async function type(text: string, channel = 'C1'): Promise<Message> {
    const seen = await w.slack.command(`/maro ${text}`, { channel });
    let [message] = seen.messages;
    // A busy machine may take its time.
    if (message?.text.endsWith('in a moment.')) message = await seen.next();
    assert.ok(message?.ephemeral_to, 'only the person who asked sees the answer');
    return message;
  }
  /** What came to Ada's direct messages since the last look: texts, and the files' names and contents. */
  let seen = 0;
  function arrived(): { texts: string[]; files: { name: string; lines: string[] }[] } {
    const all = w.slack.messages('D1', 'ada').filter(({ ephemeral_to }) => ephemeral_to === undefined);
    const fresh = all.slice(seen);
    seen = all.length;
    return {
      texts: fresh.flatMap(({ text }) => (text === '' ? [] : [text])),
      files: fresh.flatMap(filesOf).map(({ name, content }) => ({ name, lines: content.split('\r\n') })),
    };
  }
  const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date());

  test('sends the list as a file to the person alone, in the list’s order', async () => {
    assert.equal(
      words(await type('export')),
      '3 tracked issues: Maro sent you a CSV file, in your direct messages with Maro.',
    );
    const { texts, files } = arrived();
    assert.match(texts.join(), /^\*3 tracked issues\* in <#C1> · Updated from Jira <!date\^/);
    assert.equal(files[0]?.name, `checkout-issues-${today()}.csv`);
    const [header, ...lines] = files[0]?.lines ?? [];
    assert.equal(
      header,
      '\uFEFFKey,Summary,Status,Category,Assignee,Type,Priority,Updated in Jira (Europe/Berlin),Tracked (Europe/Berlin),Tracked by,Link,As of (Europe/Berlin)',
    );
    assert.deepEqual(
      lines.map((line) => line.split(',')[0]),
      ['PLAT-3', 'PLAT-1', 'PLAT-2', ''],
    );
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00`;
    const row = `^PLAT-1,"'=HYPERLINK\\(""https://evil.example""\\)",To Do,To do,[^,]*,Epic,\\w*,${time},${time},ada,${w.jira.site}/browse/PLAT-1,${time}$`;
    assert.match(lines[1] ?? '', new RegExp(row));
  });

  test('exports the part of the list that a filter names, and asks the database once', async () => {
    await type('export text hyperlink to do');
    arrived();
    wire.trips = 0;
    const text = words(await type('export text hyperlink to do'));
    assert.match(text, /^1 to-do issue with “hyperlink”, of 3: Maro sent you/);
    assert.equal(wire.trips, 1);
    assert.equal(arrived().files[0]?.lines.length, 3);
    assert.match(words(await type('export odd')), /^Maro doesn’t know “odd” here\. After `\/maro export`/);
    assert.match(
      words(await type('export done unassigned')),
      /^No match for unassigned done issues, of 3, so there is no file\.$/,
    );
    assert.match(words(await type('export', 'C2')), /^No issues tracked in this channel yet, so there is no file\.$/);
    assert.deepEqual(arrived().files, []);
  });

  test('from the list sends the issues that the list shows, including the folded ones, each time the button is pressed', async () => {
    const list = await type('tracked');
    for (const _ of [1, 2]) {
      const told = await w.slack.press(list, 'Export');
      const text = words(told.messages[0] ?? (await told.next()));
      assert.equal(text, '3 tracked issues: Maro sent you a CSV file, in your direct messages with Maro.');
      assert.equal(arrived().files[0]?.lines.length, 5);
    }
    const part = await type('tracked text hyperlink to do');
    const told = await w.slack.press(part, 'Export');
    assert.match(
      words(told.messages[0] ?? (await told.next())),
      /^1 to-do issue with “hyperlink”, of 3: Maro sent you/,
    );
    assert.deepEqual(arrived().files[0]?.lines.length, 3);
    assert.doesNotMatch(words(await type('tracked in progress stale')), /Export/);
  });

  test('leaves out issues that Maro must not show, and says how many', async () => {
    await rows(w.databaseUrl, "update jira_issues set gone_at = now() where issue_key = 'PLAT-2'");
    const text = words(await type('export'));
    await rows(w.databaseUrl, "update jira_issues set gone_at = null where issue_key = 'PLAT-2'");
    assert.match(text, /^3 tracked issues: Maro sent .* 1 issue is left out, because Maro can’t show it\.$/);
    const { files } = arrived();
    assert.doesNotMatch(files[0]?.lines.join() ?? '', /PLAT-2,/);
  });

  test('has all issues of a list that is longer than a page', async () => {
    const [tracked] = await rows<{ tenant_id: string; site: string }>(
      w.databaseUrl,
      'select tenant_id, site from tracked_issues limit 1',
    );
    const { tenant_id: tenant = '', site = '' } = tracked ?? {};
    await rows(
      w.databaseUrl,
      `insert into jira_issues (tenant_id, site, issue_id, issue_key, summary, status, status_category, synced_at)
       select $1, $2, n::text, 'PLAT-' || n, 'Many', 'To Do', 'new', now() from generate_series(900001, 901200) as n`,
      ...[tenant, site],
    );
    await rows(
      w.databaseUrl,
      `insert into tracked_issues (tenant_id, channel_id, site, issue_id, tracked_at, added_at, door, operation_id)
       select $1, 'C4', $2, n::text, now(), now(), 'step', 'many' from generate_series(900001, 901200) as n`,
      ...[tenant, site],
    );
    assert.match(words(await type('export', 'C4')), /^1,200 tracked issues: Maro sent you/);
    const keys =
      arrived()
        .files[0]?.lines.slice(1, -1)
        .map((line) => line.split(',')[0]) ?? [];
    assert.equal(new Set(keys).size, 1_200);
  });

  test('exports what changed in a period', async () => {
    const text = words(await type('export changes today'));
    assert.match(text, /^3 changes today: Maro sent you a CSV file/);
    const { texts, files } = arrived();
    assert.match(texts.join(), /^\*3 changes today\* in <#C1> · As of \d{4}-\d\d-\d\dT/);
    assert.equal(files[0]?.name, `checkout-changes-${today()}.csv`);
    assert.equal(files[0]?.lines[0], '\uFEFFTime (Europe/Berlin),Key,Summary,Change,From,To,By,Link');
    assert.ok(files[0]?.lines.slice(1, -1).every((line) => line.includes(',tracked,,,ada,')));
    assert.match(words(await type('export changes yesteryear')), /^Maro knows `\/maro export changes` with `today`/);
    assert.match(words(await type('export changes today', 'C2')), /^No changes today, so there is no file\.$/);
  });

  test('shows the first rows where Slack takes no file', async () => {
    w.slack.trouble.fail('files.getUploadURLExternal', 'missing_scope');
    const few = words(await type('export'));
    assert.match(
      few,
      /^3 tracked issues: Maro may not send files in this workspace\. Ask your Maro admin .* Here is what it has\.\n/,
    );
    assert.match(few, /\nKey,Summary,.*\nPLAT-3,.*\nPLAT-1,.*\nPLAT-2,/);
    w.slack.trouble.fail('files.getUploadURLExternal', 'file_uploads_disabled');
    const many = words(await type('export', 'C4'));
    assert.match(
      many,
      /This workspace doesn’t allow this file \(code file_uploads_disabled\)\. Here are the first \d+ of its 1,200 rows\./,
    );
    assert.deepEqual(arrived(), { texts: [], files: [] });
  });
});
