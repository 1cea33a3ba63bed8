import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { issue as read } from '../../../sandbox/jira/ask.ts';
import type { Jira as Site, Trouble } from '../../../sandbox/jira/index.ts';
import type { Jira } from '../../../src/jira/client.ts';
import { wireValue } from '../../../src/jira/field.ts';
import type { NewIssue } from '../../../src/jira/new-issue.ts';
import { IMPATIENT, known, patienceFor, startClient } from './ask.ts';

const BUG: NewIssue = { project: 'PLAT', type: '10003', summary: 'It is broken' };
const STORY: NewIssue = { project: 'SHOP', type: '10011', summary: 'Mehr Farben', parent: 'SHOP-1' };
const HOUR_MS = 3_600_000;
const doc = (text: string) =>
  ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }) as const;

const INCIDENT: NewIssue = {
  project: 'OPS',
  type: '10021',
  summary: 'Nothing works',
  fields: {
    customfield_10040: wireValue({ kind: 'text', value: 'E-17' }),
    customfield_10041: wireValue({ kind: 'paragraph', value: doc('A white page') }),
    customfield_10042: wireValue({ kind: 'single_select', value: '10300' }),
    customfield_10043: wireValue({ kind: 'multi_select', value: ['10310', '10311'] }),
    customfield_10044: wireValue({ kind: 'number', value: 40 }),
    customfield_10045: wireValue({ kind: 'date', value: '2026-11-20' }),
    customfield_10046: wireValue({ kind: 'person', value: '5b10a2844c20165700ede213' }),
  },
};

describe('creating an issue', { concurrency: true }, () => {
  test('is one call that carries the request, and shows what was given', async (t) => {
    const { site, jira } = await startClient(t);
    const creation = await jira.create({ ...BUG, description: doc('Since Monday'), parent: 'PLAT-1' }, 'r1');
    const made = site.issues.find('PLAT-97') ?? assert.fail();
    assert.deepEqual(creation, { state: 'created', id: made.id, key: 'PLAT-97' });
    assert.equal(site.count(), 1);
    assert.deepEqual(made.properties, { 'maro.request': { id: 'r1' } });
    assert.deepEqual([made.type.name, made.parent?.key], ['Bug', 'PLAT-1']);
    assert.deepEqual((await read(site, 'PLAT-97')).fields.description, doc('Since Monday'));
  });

  test('gives every kind of field as Jira takes it', async (t) => {
    const { site, jira } = await startClient(t);
    assert.equal((await jira.create(INCIDENT, 'r1')).state, 'created');
    const { fields } = site.issues.find('OPS-5') ?? assert.fail();
    assert.deepEqual(
      (fields.customfield_10043 as { value: string }[]).map(({ value }) => value),
      ['Europe', 'Asia'],
    );
    assert.equal((fields.customfield_10046 as { displayName: string }).displayName, 'Yuki Tanaka');
    assert.deepEqual(fields.customfield_10041, doc('A white page'));
  });

  test("that Jira will not have says so in Jira's words, by field", async (t) => {
    const { site, jira } = await startClient(t);
    const { customfield_10042, customfield_10044, ...fields } = INCIDENT.fields ?? {};
    assert.deepEqual(await jira.create({ ...INCIDENT, fields }, 'r1'), {
      state: 'refused',
      reason: 'Severity is required. Customers affected is required.',
      fields: { customfield_10042: 'Severity is required.', customfield_10044: 'Customers affected is required.' },
      messages: [],
    });
    const gone = await jira.create({ ...BUG, project: 'NOPE' }, 'r2');
    assert.equal(gone.state === 'refused' && gone.fields.project, 'Specify a valid project ID or key');
    const other = await jira.create({ ...BUG, type: '10021' }, 'r3');
    assert.equal(other.state === 'refused' && other.fields.issuetype, 'Specify a valid issue type');
    assert.equal(site.count(), 3);
  });

  for (const [says, change, field, words] of [
    ['no summary', { summary: '' }, 'summary', 'Add a summary.'],
    ['a blank summary', { summary: ' \t' }, 'summary', 'Add a summary.'],
    [
      '256 characters',
      { summary: 'x'.repeat(256) },
      'summary',
      'This summary has 256 characters, and Jira’s limit is 255.',
    ],
    ['two lines', { summary: 'a\nb' }, 'summary', 'The summary has to be one line, and this one has several.'],
    [
      'a line separator',
      { summary: 'a\u2028b' },
      'summary',
      'The summary has to be one line, and this one has several.',
    ],
    [
      'a long description',
      { description: doc('x'.repeat(32_768)) },
      'description',
      'This description has 32,768 characters, and Jira’s limit is 32,767.',
    ],
    ['no key of a project', { project: 'PLAT-1' }, 'project', 'That isn’t a project key.'],
    ['a project in lower case', { project: 'plat' }, 'project', 'That isn’t a project key.'],
    ['a project that is not allowed', { project: 'SHOP' }, 'project', 'Maro isn’t allowed to create issues in SHOP.'],
    ['no id of a type', { type: 'Bug' }, 'issuetype', 'That isn’t an issue type.'],
    ['no key of a parent', { parent: '../1' }, 'parent', 'That isn’t an issue key.'],
  ] as const satisfies [string, Partial<NewIssue>, string, string][]) {
    test(`is refused without a call: ${says}`, async (t) => {
      const { site, jira } = await startClient(t, { projects: ['PLAT'] });
      const refused = { state: 'refused', reason: words, fields: { [field]: words }, messages: [] };
      assert.deepEqual(await jira.create({ ...BUG, ...change }, 'r1'), refused);
      assert.equal(site.count(), 0);
    });
  }

  test('takes what just fits', async (t) => {
    const { jira } = await startClient(t);
    const issue = { ...BUG, summary: 'x'.repeat(255), description: doc('x'.repeat(32_767)) };
    assert.equal((await jira.create(issue, 'r1')).state, 'created');
  });
});

describe('a create that gets no answer', { concurrency: true }, () => {
  /** Whether Jira did it, what Maro may say, and why. */
  const table: [trouble: Trouble, made: number, state: 'failed' | 'unknown', kind: string][] = [
    [{ kind: 'no_answer' }, 1, 'unknown', 'no_answer'],
    [{ kind: 'no_answer', undone: true }, 0, 'unknown', 'no_answer'],
    [{ kind: 'stalled_body' }, 1, 'unknown', 'no_answer'],
    [{ kind: 'cut' }, 1, 'unknown', 'no_answer'],
    [{ kind: 'cut', undone: true }, 0, 'unknown', 'no_answer'],
    [{ kind: 'server_error', status: 500 }, 1, 'unknown', 'no_answer'],
    [{ kind: 'server_error', status: 502, undone: true }, 0, 'unknown', 'no_answer'],
    [{ kind: 'server_error', status: 503, headers: { 'Retry-After': '1' } }, 1, 'unknown', 'rate_limited'],
    [{ kind: 'broken_json' }, 1, 'unknown', 'unreadable'],
    [{ kind: 'empty' }, 1, 'unknown', 'unreadable'],
    [{ kind: 'huge' }, 1, 'unknown', 'unreadable'],
    [{ kind: 'html' }, 0, 'unknown', 'unreadable'],
    [{ kind: 'redirect' }, 0, 'unknown', 'unreadable'],
    [{ kind: 'rate_limited', headers: {} }, 0, 'failed', 'rate_limited'],
    [{ kind: 'rate_limited', headers: { 'Retry-After': '90' } }, 0, 'failed', 'rate_limited'],
    [{ kind: 'unauthorized' }, 0, 'failed', 'login_refused'],
    [{ kind: 'anonymous' }, 0, 'failed', 'login_refused'],
    [{ kind: 'forbidden' }, 0, 'failed', 'login_refused'],
  ];
  for (const [trouble, made, state, kind] of table) {
    test(`${JSON.stringify(trouble)} is ${state}, and sent once`, async (t) => {
      const { site, jira, lines } = await startClient(t, patienceFor(trouble));
      site.trouble('create', trouble);
      site.trouble('bulk', trouble);
      const before = site.issues.all().length;
      const creation = await jira.create(BUG, 'r1');
      const creations = await jira.createMany([STORY], 'r2');
      for (const what of [creation, creations]) {
        assert.equal(what.state, state);
        assert.equal('trouble' in what && what.trouble.kind, kind);
      }
      assert.equal(site.issues.all().length - before, made * 2, 'what Jira did');
      assert.deepEqual([site.count('create'), site.count('bulk')], [1, 1]);
      assert.notEqual(lines.length, 0, 'and it is logged');
      assert.doesNotMatch(JSON.stringify(lines), /broken|Farben|PLAT/);
    });
  }

  test('because connections are refused was surely not done', async (t) => {
    const { site, jira } = await startClient(t);
    await site.down();
    const creation = await jira.create(BUG, 'r1');
    assert.deepEqual([creation.state, 'trouble' in creation && creation.trouble.kind], ['failed', 'no_answer']);
  });

  test('because Jira asked for a pause before was surely not done, nor sent', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('create', { kind: 'rate_limited', headers: { 'Retry-After': '60' }, times: 1 });
    await jira.create(BUG, 'r1');
    const creation = await jira.create(BUG, 'r2');
    assert.deepEqual([creation.state, site.count('create')], ['failed', 1]);
  });
});

describe('creating many issues', { concurrency: true }, () => {
  test('is one call, and each stands under its own key, by its place', async (t) => {
    const { site, jira } = await startClient(t);
    const issues = [
      { ...STORY, summary: 'One' },
      { ...STORY, summary: 'Not below a story', parent: 'SHOP-2' },
      { ...STORY, summary: '' },
      { ...STORY, summary: 'Four' },
      { ...STORY, summary: 'No such type', type: '10001' },
      { ...STORY, summary: 'Six' },
    ];
    const creations = await jira.createMany(issues, 'r1');
    assert.ok(creations.state === 'answered');
    assert.deepEqual(
      creations.issues.map((each) => (each.state === 'created' ? each.key : each.reason)),
      [
        'SHOP-81',
        'Given parent issue does not belong to appropriate hierarchy.',
        'Add a summary.',
        'SHOP-82',
        'Specify a valid issue type.',
        'SHOP-83',
      ],
    );
    assert.equal(site.count(), 1);
    const made = ['SHOP-81', 'SHOP-82', 'SHOP-83'].map((key) => site.issues.find(key));
    assert.deepEqual(
      made.map((each) => [each?.summary, each?.parent?.key, each?.properties]),
      [
        ['One', 'SHOP-1', { 'maro.request': { id: 'r1/0' } }],
        ['Four', 'SHOP-1', { 'maro.request': { id: 'r1/3' } }],
        ['Six', 'SHOP-1', { 'maro.request': { id: 'r1/5' } }],
      ],
    );
  });

  test('tells when none of them stands', async (t) => {
    const { site, jira } = await startClient(t);
    const creations = await jira.createMany(
      [
        { ...STORY, parent: 'SHOP-2' },
        { ...STORY, type: '1' },
      ],
      'r1',
    );
    assert.ok(creations.state === 'answered');
    assert.deepEqual(
      creations.issues.map(({ state }) => state),
      ['refused', 'refused'],
    );
    assert.equal(site.count(), 1);
  });

  test('takes fifty, and refuses more of them without a call', async (t) => {
    const { site, jira } = await startClient(t);
    const tooMany = await jira.createMany(Array(51).fill(STORY), 'r1');
    assert.ok(tooMany.state === 'answered');
    assert.deepEqual(
      new Set(tooMany.issues.map((each) => each.state === 'refused' && each.reason)),
      new Set(['That’s 51 issues, and Jira’s limit is 50.']),
    );
    assert.deepEqual([tooMany.issues.length, site.count()], [51, 0]);
    const fifty = await jira.createMany(Array(50).fill(STORY), 'r2');
    assert.ok(fifty.state === 'answered');
    assert.ok(fifty.issues.every(({ state }) => state === 'created'));
    assert.equal(site.count(), 1);
  });

  test('makes no call for none, nor for those that are all refused before', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(await jira.createMany([], 'r1'), { state: 'answered', issues: [] });
    await jira.createMany([{ ...STORY, summary: '' }], 'r1');
    assert.equal(site.count(), 0);
  });
});

describe('finding what was created unheard', { concurrency: true }, () => {
  const found = async (jira: Jira, ids: string[], project = 'PLAT', sentAt = new Date()) => {
    const issues = known(await jira.findCreated({ project, sentAt }, ids));
    return Object.fromEntries([...issues].map(([id, { key }]) => [id, key]));
  };

  /** An issue whose create Maro did not hear of, among others that were made around it. */
  async function createUnheard(site: Site, jira: Jira, { before = 0, after = 0 } = {}) {
    for (let i = 0; i < before; i++) site.issues.create('PLAT', { summary: `Before ${i}` });
    site.trouble('create', { kind: 'cut', times: 1 });
    assert.equal((await jira.create(BUG, 'r1')).state, 'unknown');
    for (let i = 0; i < after; i++) site.issues.create('PLAT', { summary: `After ${i}` });
    site.resetRequests();
  }

  test('needs one search and one reading, long before search knows of the issue', async (t) => {
    const { site, jira } = await startClient(t);
    site.index.lagMs = Number.POSITIVE_INFINITY;
    await createUnheard(site, jira);
    assert.deepEqual(await found(jira, ['r1']), { r1: 'PLAT-97' });
    assert.deepEqual([site.count('search'), site.count('bulkfetch'), site.count()], [1, 1, 2]);
    assert.equal(site.issues.all().filter(({ summary }) => summary === BUG.summary).length, 1);
  });

  test('goes on from hundred to hundred, and ends with the first that is empty', async (t) => {
    const { site, jira } = await startClient(t);
    await createUnheard(site, jira, { before: 230, after: 20 });
    assert.deepEqual(await found(jira, ['r1']), { r1: 'PLAT-327' });
    site.resetRequests();
    assert.deepEqual(await found(jira, ['r1', 'r2']), { r1: 'PLAT-327' });
    assert.deepEqual([site.count('search'), site.count('bulkfetch')], [1, 5]);
  });

  test('says that there is none, and neither creates nor asks for more', async (t) => {
    const { site, jira } = await startClient(t, IMPATIENT);
    site.trouble('create', { kind: 'no_answer', undone: true, times: 1 });
    assert.equal((await jira.create(BUG, 'r1')).state, 'unknown');
    const before = site.issues.all().length;
    assert.deepEqual(await found(jira, ['r1']), {});
    assert.deepEqual([site.issues.all().length, site.count('create')], [before, 1]);
  });

  test('finds each of many by its place', async (t) => {
    const { site, jira } = await startClient(t, IMPATIENT);
    site.trouble('bulk', { kind: 'no_answer', times: 1 });
    const many = [STORY, { ...STORY, parent: 'SHOP-2' }, STORY];
    assert.equal((await jira.createMany(many, 'r1')).state, 'unknown');
    const ids = ['r1/0', 'r1/1', 'r1/2'];
    assert.deepEqual(await found(jira, ids, 'SHOP'), { 'r1/0': 'SHOP-81', 'r1/2': 'SHOP-82' });
  });

  test('finds an issue that was moved, renamed or finished meanwhile, under the key it has now', async (t) => {
    const { site, jira } = await startClient(t);
    await createUnheard(site, jira);
    site.issues.edit('PLAT-97', { status: 'Done', summary: 'Mended' });
    site.issues.move('PLAT-97', 'SHOP');
    assert.deepEqual(await found(jira, ['r1']), { r1: 'SHOP-81' });
  });

  test('is not misled by an issue that moved in with a late number, nor by others in the numbers', async (t) => {
    const { site, jira } = await startClient(t);
    await createUnheard(site, jira, { after: 2 });
    for (const key of ['PLAT-98', 'PLAT-96', 'PLAT-95']) site.issues.remove(key);
    site.issues.move('OPS-3', 'PLAT');
    site.index.catchUp();
    assert.deepEqual(await found(jira, ['r1']), { r1: 'PLAT-97' });
  });

  test('begins at the first number where nothing was in the project before', async (t) => {
    const { site, jira } = await startClient(t);
    for (const { key, project } of site.issues.all()) if (project.key === 'OPS') site.issues.remove(key);
    site.trouble('create', { kind: 'cut', times: 1 });
    await jira.create(INCIDENT, 'r1');
    assert.deepEqual(await found(jira, ['r1'], 'OPS'), { r1: 'OPS-5' });
  });

  test('looks back to before the create, however long ago that was', async (t) => {
    const { site, jira } = await startClient(t);
    await createUnheard(site, jira);
    const made = site.issues.find('PLAT-97') ?? assert.fail();
    made.created = new Date(Date.now() - HOUR_MS);
    site.issues.edit('PLAT-97', { status: 'Ready' });
    site.index.catchUp();
    assert.deepEqual(await found(jira, ['r1'], 'PLAT', made.created), { r1: 'PLAT-97' });
    const search = site.requests.find(({ endpoint }) => endpoint === 'search') ?? assert.fail();
    assert.match(
      (search.body as { jql: string }).jql,
      /^project = "PLAT" AND created <= "-6[56]m" ORDER BY created DESC$/,
    );
  });

  test('makes no call for no ids or for no project, and tells trouble as such', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(await found(jira, []), {});
    assert.deepEqual(await found(jira, ['r1'], 'PLAT" OR project = "SHOP'), {});
    assert.equal(site.count(), 0);
    for (const [endpoint, trouble, kind] of [
      ['search', { kind: 'html' }, 'unreadable'],
      ['bulkfetch', { kind: 'no_fields' }, undefined],
      ['bulkfetch', { kind: 'empty' }, 'unreadable'],
      ['search', { kind: 'rate_limited', headers: { 'Retry-After': '60' } }, 'rate_limited'],
    ] as const) {
      site.trouble(endpoint, { ...trouble, times: 2 } as Trouble);
      const issues = await jira.findCreated({ project: 'PLAT', sentAt: new Date() }, ['r1']);
      assert.equal(issues.state === 'trouble' ? issues.trouble.kind : undefined, kind, endpoint);
      site.trouble(endpoint, undefined);
    }
  });
});

test('a property that anybody else has set is none of ours', async (t: TestContext) => {
  const { site, jira } = await startClient(t);
  for (const value of ['r1', null, { id: 7 }, { id: 'r2' }]) {
    site.issues.create('PLAT', { summary: 'Odd', properties: { 'maro.request': value } });
  }
  assert.equal(known(await jira.findCreated({ project: 'PLAT', sentAt: new Date() }, ['r1'])).size, 0);
});
