import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fields, started, until } from '../../../sandbox/jira/ask.ts';
import { type Jira as Site, startJira, type Trouble } from '../../../sandbox/jira/index.ts';
import type { Reading } from '../../../src/jira/reading.ts';
import { JiraTrouble } from '../../../src/jira/trouble.ts';
import { browseUrl, type IssueKey, projectOf } from '../../../src/key.ts';
import { clientOf, patienceFor, said, startClient } from './ask.ts';

/** A reading in a word: the key that the issue has now, or why there is none. */
function word(reading: Reading | undefined): string {
  if (reading?.state === 'trouble') return reading.trouble.kind;
  return reading?.state === 'shown' ? reading.issue.key : String(reading?.state);
}

const words = (readings: Map<IssueKey, Reading>) => Object.fromEntries([...readings].map(([k, r]) => [k, word(r)]));
const issueIn = (readings: Map<IssueKey, Reading>, key: IssueKey) => {
  const reading = readings.get(key);
  return reading?.state === 'shown' ? reading.issue : undefined;
};
const summaryIn = (readings: Map<IssueKey, Reading>, key: IssueKey) => issueIn(readings, key)?.summary;

describe('reading issues', { concurrency: true }, () => {
  test('gives what Maro keeps of an issue, under the site that Jira names', async (t) => {
    const { site, jira } = await startClient(t);
    const { id, updated } = site.issues.find('SHOP-5') ?? assert.fail();
    assert.deepEqual(issueIn(await jira.read(['SHOP-5']), 'SHOP-5'), {
      site: site.url,
      id,
      key: 'SHOP-5',
      summary: 'Umlaute fehlen auf dem Lieferschein',
      status: 'In Prüfung',
      category: 'indeterminate',
      assignee: 'Aisha Rahman',
      assigneeId: '712020:8f2e1c44-1d0b-4f4e-9a53-5a1f0c6b7d21',
      type: 'Fehler',
      priority: 'Highest',
      updatedAt: updated,
      dueDate: undefined,
    });
  });

  test('makes no call before it is asked, and none for no keys', async (t) => {
    const { site, jira } = await startClient(t);
    assert.equal((await jira.read([])).size, 0);
    assert.equal(site.count(), 0);
  });

  test('takes one call for a hundred keys, three for 250, and one for the same key over and over', async (t) => {
    const { site, jira } = await startClient(t);
    const keys = Array.from({ length: 250 }, (_, i) => site.issues.create('PLAT', { summary: `Issue ${i}` }).key);
    await jira.site();
    for (const [asked, calls] of [
      [keys.slice(0, 100), 1],
      [keys, 3],
      [Array<string>(150).fill('PLAT-1'), 1],
    ] as const) {
      site.resetRequests();
      const readings = await jira.read(asked);
      assert.deepEqual([...readings.keys()], [...new Set(asked)], 'in the order in which they were asked for');
      for (const [key, reading] of readings) assert.equal(word(reading), key);
      assert.deepEqual([site.count('bulkfetch'), site.count()], [calls, calls]);
      const sent = site.requests.flatMap(({ body }) => (body as { issueIdsOrKeys: string[] }).issueIdsOrKeys);
      assert.deepEqual(sent.sort(), [...readings.keys()].sort(), 'each key once');
    }
  });

  test('asks for the fields that Maro shows and for no others', async (t) => {
    const { site, jira } = await startClient(t);
    await jira.read(['PLAT-1', 'LEGACY-7', 'PLAT-999']);
    const bodies = site.requests.filter(({ endpoint }) => endpoint === 'bulkfetch').map(({ body }) => body);
    assert.deepEqual(bodies, [{ issueIdsOrKeys: ['PLAT-1', 'LEGACY-7', 'PLAT-999'], fields }]);
    const single = site.requests.filter(({ endpoint }) => endpoint === 'issue').map(({ path }) => path);
    const query = `?fields=${encodeURIComponent(fields.join())}`;
    assert.deepEqual(single.sort(), [`/rest/api/3/issue/LEGACY-7${query}`, `/rest/api/3/issue/PLAT-999${query}`]);
  });

  test('tells a missing issue and one that Maro may not see in the same way', async (t) => {
    const { jira } = await startClient(t);
    const readings = await jira.read(['PLAT-999', 'PLAT-80', 'NOPE-1']);
    assert.deepEqual(words(readings), { 'PLAT-999': 'not found', 'PLAT-80': 'not found', 'NOPE-1': 'not found' });
  });

  test('shows an issue that moved under the key it has now, once when it is asked for by both keys', async (t) => {
    const { site, jira } = await startClient(t);
    const { id } = site.issues.move('PLAT-9', 'SHOP');
    const readings = await jira.read(['PLAT-9', 'SHOP-81', 'PLAT-34', 'LEGACY-7', 'PLAT-2']);
    assert.deepEqual(words(readings), {
      'PLAT-9': 'SHOP-81',
      'SHOP-81': 'SHOP-81',
      'PLAT-34': 'SHOP-17',
      'LEGACY-7': 'PLAT-12',
      'PLAT-2': 'PLAT-2',
    });
    assert.deepEqual(readings.get('PLAT-9'), readings.get('SHOP-81'));
    assert.equal(issueIn(readings, 'PLAT-9')?.id, id);
  });

  test('looks up ten keys one by one and any others together, and never takes a moved issue for a missing one', async (t) => {
    const { site, jira } = await startClient(t);
    const missing = Array.from({ length: 40 }, (_, i) => `PLAT-${500 + i}`);
    await jira.site();
    site.resetRequests();
    const none = await jira.read(missing);
    assert.deepEqual(new Set(Object.values(words(none))), new Set(['not found']));
    assert.ok(site.count() <= 12, `${site.count()} calls`);

    const moved = await jira.read([...missing.slice(0, 10), 'PLAT-34', 'SHOP-17']);
    assert.equal(word(moved.get('SHOP-17')), 'SHOP-17');
    assert.equal(word(moved.get('PLAT-34')), 'moved');
    const again = await jira.read(['PLAT-34']);
    assert.equal(word(again.get('PLAT-34')), 'SHOP-17', 'sent again, it is looked up');
  });

  test('lets trouble with the other keys be trouble for them alone', async (t) => {
    const { site, jira } = await startClient(t);
    const missing = Array.from({ length: 12 }, (_, i) => `PLAT-${500 + i}`);
    site.trouble('bulkfetch', { kind: 'latency', ms: 200, times: 1 });
    const reading = jira.read(['PLAT-1', ...missing]);
    await until(() => site.count('bulkfetch') === 1);
    site.trouble('bulkfetch', { kind: 'html' });
    assert.deepEqual([...(await reading).values()].map(word), [
      'PLAT-1',
      ...Array<string>(10).fill('not found'),
      'unreadable',
      'unreadable',
    ]);
  });

  test('finds all the first ten of many issues that moved, and says of the rest that they were not looked up', async (t) => {
    const { site, jira } = await startClient(t);
    const former = Array.from({ length: 15 }, (_, i) => site.issues.create('PLAT', { summary: `Issue ${i}` }).key);
    const now = former.map((key) => site.issues.move(key, 'SHOP').key);
    const readings = await jira.read(former);
    assert.deepEqual([...readings.values()].map(word), [...now.slice(0, 10), ...Array<string>(5).fill('moved')]);
  });

  test('counts a status by its category, in any language, and one without a category as in progress', async (t) => {
    const { site, jira } = await startClient(t);
    site.issues.edit('PLAT-2', { status: 'Parked' });
    const readings = await jira.read(['SHOP-4', 'SHOP-8', 'SHOP-12', 'PLAT-2']);
    const categories = [...readings.values()].map((reading) => {
      assert.ok(reading.state === 'shown');
      return `${reading.issue.status}: ${reading.issue.category}`;
    });
    assert.deepEqual(categories, [
      'Zu erledigen: new',
      'Warten auf Kunde: indeterminate',
      'Verworfen: done',
      'Parked: indeterminate',
    ]);
  });

  test('makes one safe line of whatever text Jira holds', async (t) => {
    const { site, jira } = await startClient(t);
    site.issues.edit('PLAT-1', { summary: `one\ntwo\u0000three \u202eturned\u202c \ud800 ${'x'.repeat(10_000)}` });
    const readings = await jira.read(['PLAT-1', 'PLAT-93']);
    const summary = summaryIn(readings, 'PLAT-1') ?? assert.fail();
    assert.match(summary, /^one two three turned \ufffd x+$/);
    assert.equal(summary.length, 255);
    assert.equal(summaryIn(readings, 'PLAT-93'), 'Names gnp.exe and שלום turn around');
  });
});

describe('with JIRA_PROJECTS', { concurrency: true }, () => {
  test('an issue is judged by the project it is in now, and one that is missing elsewhere reads as not allowed', async (t) => {
    const { jira } = await startClient(t, { projects: ['PLAT'] });
    const keys = ['PLAT-1', 'LEGACY-7', 'PLAT-34', 'SHOP-1', 'SHOP-999', 'SHOP-80', 'PLAT-80', 'PLAT-999', 'NOPE-1'];
    assert.deepEqual(words(await jira.read(keys)), {
      'PLAT-1': 'PLAT-1',
      'LEGACY-7': 'PLAT-12',
      'PLAT-34': 'not allowed',
      'SHOP-1': 'not allowed',
      'SHOP-999': 'not allowed',
      'SHOP-80': 'not allowed',
      'PLAT-80': 'not found',
      'PLAT-999': 'not found',
      'NOPE-1': 'not allowed',
    });
  });

  test('trouble is told as such, whatever the project', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    site.trouble('all', { kind: 'unauthorized' });
    assert.deepEqual(words(await jira.read(['PLAT-1', 'SHOP-1'])), {
      'PLAT-1': 'login_refused',
      'SHOP-1': 'login_refused',
    });
  });
});

describe("the site's address", { concurrency: true }, () => {
  test('is read once, also by many at once, and again after it could not be read', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('serverInfo', { kind: 'html', times: 1 });
    const first = await Promise.all(Array.from({ length: 20 }, () => jira.read(['PLAT-1'])));
    assert.deepEqual(new Set(first.map((readings) => word(readings.get('PLAT-1')))), new Set(['unreadable']));
    assert.deepEqual([site.count('serverInfo'), site.count('bulkfetch')], [1, 0]);

    const sites = await Promise.all(Array.from({ length: 20 }, () => jira.site()));
    assert.deepEqual(new Set(sites), new Set([site.url]));
    await jira.read(['PLAT-1']);
    assert.equal(site.count('serverInfo'), 2);
  });

  test("is the site's own also when Maro reads through Atlassian's gateway with a scoped token", async (t) => {
    const site = await started(t);
    site.site = 'https://acme.atlassian.net';
    const { jira } = clientOf(site, { host: site.gatewayUrl, apiToken: site.scopedToken });
    const readings = await jira.read(['PLAT-1', 'LEGACY-7']);
    assert.deepEqual(words(readings), { 'PLAT-1': 'PLAT-1', 'LEGACY-7': 'PLAT-12' });
    const issue = issueIn(readings, 'PLAT-1') ?? assert.fail();
    assert.equal(browseUrl(issue.site, issue.key), 'https://acme.atlassian.net/browse/PLAT-1');
    for (const { path } of site.requests) assert.ok(path.startsWith('/ex/jira/'), path);
    assert.equal(await jira.isOurs('acme.atlassian.net'), true);
    assert.equal(await jira.isOurs(new URL(site.gatewayUrl).host), false);
  });

  test('is known without a call when JIRA_HOST is the site, and any other host is compared with what Jira says', async (t) => {
    const { site, jira } = await startClient(t);
    site.site = 'https://jira.acme.example/jira';
    assert.equal(await jira.isOurs(new URL(site.url).host), true);
    assert.equal(site.count(), 0);
    assert.equal(await jira.isOurs('jira.acme.example'), true);
    assert.equal(await jira.isOurs('jira.acme.example.evil.example'), false);
    assert.equal(site.count(), 1);
  });

  test('that cannot be read leaves open whose a link is', async (t) => {
    const { site, jira } = await startClient(t);
    await site.down();
    await assert.rejects(jira.isOurs('acme.atlassian.net'), JiraTrouble);
  });
});

describe('trouble with Jira', { concurrency: true }, () => {
  const keys = ['PLAT-1', 'SHOP-1', 'PLAT-999'];
  for (const [trouble, kind] of [
    [{ kind: 'rate_limited', headers: { 'Retry-After': '60' } }, 'rate_limited'],
    [{ kind: 'server_error', status: 500 }, 'no_answer'],
    [{ kind: 'server_error', status: 503 }, 'no_answer'],
    [{ kind: 'no_answer' }, 'no_answer'],
    [{ kind: 'stalled_body' }, 'no_answer'],
    [{ kind: 'unauthorized' }, 'login_refused'],
    [{ kind: 'anonymous' }, 'login_refused'],
    [{ kind: 'forbidden' }, 'login_refused'],
    [{ kind: 'broken_json' }, 'unreadable'],
    [{ kind: 'html' }, 'unreadable'],
    [{ kind: 'empty' }, 'unreadable'],
    [{ kind: 'huge' }, 'unreadable'],
    [{ kind: 'redirect' }, 'unreadable'],
  ] as const satisfies (readonly [Trouble, string])[]) {
    const { kind: name, ...details } = trouble;
    test(`${name} ${JSON.stringify(details)} reads as ${kind} for each key, wherever it happens`, async (t) => {
      await Promise.all(
        (['all', 'serverInfo', 'bulkfetch'] as const).map(async (endpoint) => {
          const { site, jira, lines } = await startClient(t, patienceFor(trouble));
          site.trouble(endpoint, trouble);
          const readings = await jira.read(keys);
          for (const key of keys) {
            const reading = readings.get(key);
            assert.equal(word(reading), kind, `${endpoint} ${key}`);
            assert.match(
              reading?.state === 'trouble' ? reading.trouble.message : '',
              /^Jira [\w ’]+\. (?:Try|Ask your Maro admin) [\w ()]+\.$/,
              'two plain sentences',
            );
          }
          assert.notEqual(lines.length, 0, 'and it is logged');
        }),
      );
    });
  }

  test('connections that are refused are no answer, and all is well when Jira is back', async (t) => {
    const { site, jira } = await startClient(t);
    await site.down();
    assert.deepEqual(new Set(Object.values(words(await jira.read(keys)))), new Set(['no_answer']));
    await site.up();
    assert.deepEqual(words(await jira.read(keys)), { 'PLAT-1': 'PLAT-1', 'SHOP-1': 'SHOP-1', 'PLAT-999': 'not found' });
  });

  test('issues without fields are unreadable, unless Jira has them when they are asked for one by one', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('bulkfetch', { kind: 'no_fields' });
    assert.deepEqual(words(await jira.read(keys)), { 'PLAT-1': 'PLAT-1', 'SHOP-1': 'SHOP-1', 'PLAT-999': 'not found' });
    site.trouble('issue', { kind: 'no_fields' });
    const many = [...keys, ...Array.from({ length: 20 }, (_, i) => `PLAT-${i + 2}`)];
    const { 'PLAT-999': missing, ...others } = words(await jira.read(many));
    assert.equal(missing, 'not found');
    assert.deepEqual(new Set(Object.values(others)), new Set(['unreadable']));
  });

  test('one issue that cannot be read takes none of the others with it', async (t) => {
    const { site, jira } = await startClient(t);
    (site.issues.find('SHOP-1') as { summary: unknown }).summary = { text: 'not a text' };
    assert.deepEqual(words(await jira.read(['PLAT-1', 'SHOP-1', 'SHOP-2'])), {
      'PLAT-1': 'PLAT-1',
      'SHOP-1': 'unreadable',
      'SHOP-2': 'SHOP-2',
    });
  });

  test('trouble with some of the calls is trouble for their keys alone', async (t) => {
    const { site, jira } = await startClient(t);
    const many = Array.from({ length: 150 }, (_, i) => site.issues.create('PLAT', { summary: `Issue ${i}` }).key);
    await jira.site();
    site.trouble('bulkfetch', { kind: 'html', times: 1 });
    const kinds = [...(await jira.read(many)).values()].map(word);
    const unread = kinds.filter((kind) => kind === 'unreadable').length;
    assert.ok(unread === 100 || unread === 50, `${unread} of them`);
  });

  test('a single key that Jira puts off does not hold up what is known of the others', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('issue', { kind: 'rate_limited', headers: { 'Retry-After': '60' } });
    const readings = words(await jira.read(['PLAT-1', 'PLAT-999', 'LEGACY-7']));
    assert.deepEqual(readings, { 'PLAT-1': 'PLAT-1', 'PLAT-999': 'rate_limited', 'LEGACY-7': 'rate_limited' });
  });
});

describe('the log', { concurrency: true }, () => {
  test('says once that the login was refused, and again when it was refused anew', async (t) => {
    const { site, jira, lines } = await startClient(t);
    await jira.site();
    for (const kind of ['unauthorized', 'forbidden', 'anonymous'] as const) {
      lines.length = 0;
      site.trouble('all', { kind });
      for (let i = 0; i < 3; i++) await jira.read(['PLAT-1', 'PLAT-2', 'PLAT-999']);
      const message = "Jira refused Maro's login: check JIRA_EMAIL and its token";
      const [line, ...others] = lines.splice(0);
      const { durationMs, ...fields } = { ...line?.fields } as Record<string, unknown>;
      assert.deepEqual([line?.level, line?.message, others], ['error', message, []], kind);
      assert.equal(typeof durationMs, 'number');
      const endpoint = 'POST /rest/api/3/issue/bulkfetch';
      const status = { unauthorized: 401, forbidden: 403, anonymous: 200 }[kind];
      assert.deepEqual(fields, { trouble: 'login_refused', status, endpoint });
      site.trouble('all', undefined);
      await jira.read(['PLAT-1']);
    }
  });

  test('names the request and its scope when only that is not allowed, and does not blame the login', async (t) => {
    const site = await started(t);
    const { jira, lines } = clientOf(site, { host: site.gatewayUrl, apiToken: site.scopedToken });
    site.scopes.delete('read:jira-user');
    assert.equal(said(await jira.assignable('PLAT', 'a')), 'forbidden');
    assert.equal(word((await jira.read(['PLAT-1'])).get('PLAT-1')), 'PLAT-1');
    site.scopes.delete('write:jira-work');
    const issue = { project: 'PLAT', type: '10001', summary: 'x' };
    assert.equal((await jira.create(issue, 'r')).state, 'failed');
    const message =
      'Jira does not allow this request: check the scopes of the token and the permissions of its account';
    const line = (endpoint: string, scope: string) => {
      return { level: 'warn', fields: { trouble: 'forbidden', status: 401, endpoint, scope }, message };
    };
    const timeless = lines.map(({ fields, ...line }) => ({ ...line, fields: { ...fields, durationMs: undefined } }));
    assert.deepEqual(JSON.parse(JSON.stringify(timeless)), [
      line('GET /rest/api/3/user/assignable/search', 'read:jira-user'),
      line('POST /rest/api/3/issue', 'write:jira-work'),
    ]);
  });

  test('says the same when the account lacks the permission to browse users', async (t) => {
    const { site, jira, lines } = await startClient(t);
    site.trouble('assignable', { kind: 'not_permitted' });
    assert.equal(said(await jira.assignable('PLAT', 'a')), 'forbidden');
    assert.doesNotMatch(JSON.stringify(lines), /refused Maro's login/);
  });

  test('names the kind of trouble, and holds neither a secret nor a word of Jira or of a person', async (t) => {
    const { site, jira, lines } = await startClient(t);
    for (const trouble of [
      { kind: 'html' },
      { kind: 'server_error', status: 500 },
      { kind: 'rate_limited', headers: {} },
      { kind: 'no_fields' },
      { kind: 'broken_json' },
      { kind: 'redirect', location: 'http://127.0.0.1:1/secret' },
      { kind: 'unauthorized' },
    ] as const) {
      const before = lines.length;
      site.trouble('bulkfetch', trouble);
      site.trouble('issue', trouble);
      await jira.read(['PLAT-1', 'SHOP-17']);
      assert.ok(lines.length > before, trouble.kind);
    }
    const names = lines.flatMap(({ fields }) => Object.keys(fields));
    assert.deepEqual([...new Set(names)].sort(), ['durationMs', 'endpoint', 'status', 'trouble']);
    assert.doesNotMatch(JSON.stringify(lines), /PLAT|SHOP|sign-in|Gutschein|Atlassian|127\.0|token-|@|sandbox-api/);
  });
});

describe('any keys, whatever Jira does', () => {
  const pool = [
    'PLAT-1',
    'PLAT-2',
    'SHOP-1',
    'SHOP-17',
    'PLAT-34',
    'LEGACY-7',
    'LEGACY-9',
    'PLAT-80',
    'PLAT-93',
    'NOPE-1',
  ];
  const key = fc.oneof(
    fc.constantFrom(...pool),
    fc.integer({ min: 1, max: 40 }).map((n) => `PLAT-${n}`),
    fc.integer({ min: 600, max: 9_999_999 }).map((n) => `SHOP-${n}`),
  );
  const times = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
  const trouble: fc.Arbitrary<Trouble> = fc
    .tuple(
      fc.constantFrom<Trouble>(
        { kind: 'html' },
        { kind: 'empty' },
        { kind: 'broken_json' },
        { kind: 'no_fields' },
        { kind: 'anonymous' },
        { kind: 'unauthorized' },
        { kind: 'redirect' },
        { kind: 'server_error', status: 500 },
        { kind: 'server_error', status: 502 },
        { kind: 'rate_limited', headers: {} },
        { kind: 'rate_limited', headers: { 'Retry-After': '90' } },
      ),
      times,
    )
    .map(([what, count]) => (count === undefined ? what : { ...what, times: count }));
  const troubles = fc.array(fc.tuple(fc.constantFrom('all', 'serverInfo', 'bulkfetch', 'issue'), trouble), {
    maxLength: 2,
  });
  const projects = fc.constantFrom([], ['PLAT'], ['SHOP', 'NOPE']);

  /** What Jira holds under a key, as Maro may tell it. */
  function truth(site: Site, key: IssueKey, allowed: readonly string[]): string {
    const issue = site.issues.find(key);
    const visible = issue !== undefined && !issue.forbidden;
    const project = projectOf(visible ? issue.key : key);
    if (allowed.length > 0 && !allowed.includes(project)) return 'not allowed';
    return visible ? issue.key : 'not found';
  }

  test('every key gets exactly one reading: the truth, or trouble when there is some', async (t) => {
    const site = await startJira();
    t.after(() => site.stop());
    await fc.assert(
      fc.asyncProperty(fc.array(key, { maxLength: 130 }), troubles, projects, async (keys, wrong, allowed) => {
        for (const endpoint of ['all', 'serverInfo', 'bulkfetch', 'issue'] as const) site.trouble(endpoint, undefined);
        for (const [endpoint, what] of wrong) site.trouble(endpoint as 'all', what);
        const readings = await clientOf(site, { projects: allowed }).jira.read(keys);
        assert.deepEqual([...readings.keys()], [...new Set(keys)]);
        for (const [key, reading] of readings) {
          const isTruth = word(reading) === truth(site, key, allowed);
          const mayFail = wrong.length > 0 || word(reading) === 'moved';
          assert.ok(isTruth || (mayFail && reading.state === 'trouble'), `${key}: ${word(reading)}`);
        }
      }),
      { numRuns: 80 },
    );
  });
});
