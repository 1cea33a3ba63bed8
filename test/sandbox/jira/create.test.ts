import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, issue, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content });
const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const bug = { project: { key: 'PLAT' }, issuetype: { id: '10003' }, summary: 'It is broken' };
const incident = {
  project: { key: 'OPS' },
  issuetype: { id: '10021' },
  summary: 'Nothing works',
  customfield_10040: 'E-17',
  customfield_10041: doc(paragraph('A white page')),
  customfield_10042: { id: '10300' },
  customfield_10043: [{ id: '10310' }, { value: 'Asia' }],
  customfield_10044: 40,
  customfield_10045: '2026-11-20',
  customfield_10046: { accountId: '5b10a2844c20165700ede213' },
};

async function create(jira: Jira, fields: object, more: object = {}) {
  const response = await ask(jira, 'issue', { body: { fields, ...more } });
  return { status: response.status, json: (await response.json()) as { id: string; key: string; errors: object } };
}

describe('creating an issue', { concurrency: true }, () => {
  test('makes one with the next key, and shows it as it was sent', async (t) => {
    const jira = await started(t);
    const description = doc(paragraph('Since Monday'));
    const { status, json } = await create(jira, {
      ...bug,
      description,
      labels: ['slack'],
      duedate: '2026-12-01',
      priority: { id: '2' },
      assignee: { accountId: '5b10a2844c20165700ede212' },
      parent: { key: 'PLAT-1' },
    });
    assert.equal(status, 201);
    assert.deepEqual(json, { id: json.id, key: 'PLAT-97', self: `${jira.url}/rest/api/3/issue/${json.id}` });
    const { fields } = await issue(jira, 'PLAT-97');
    assert.deepEqual(
      ['description', 'labels', 'duedate'].map((name) => fields[name]),
      [description, ['slack'], '2026-12-01'],
    );
    assert.deepEqual((fields.priority as { name: string }).name, 'High');
    assert.deepEqual((fields.assignee as { displayName: string }).displayName, 'Tobias Krämer');
    assert.deepEqual((fields.parent as { key: string }).key, 'PLAT-1');
    assert.equal((await create(jira, { ...bug, description: null })).json.key, 'PLAT-98');
  });

  test('takes every kind of field, fills in defaults, and shows options by their words', async (t) => {
    const jira = await started(t);
    const { json } = await create(jira, incident);
    assert.equal(json.key, 'OPS-5');
    const { fields } = await issue(jira, 'OPS-5');
    const words = (option: unknown) => (option as { value: string }).value;
    assert.equal(words(fields.customfield_10042), 'Nobody can work');
    assert.deepEqual((fields.customfield_10043 as unknown[]).map(words), ['Europe', 'Asia']);
    assert.equal((fields.customfield_10046 as { displayName: string }).displayName, 'Yuki Tanaka');
    assert.deepEqual([fields.customfield_10044, fields.customfield_10045], [40, '2026-11-20']);
    assert.equal(words(fields.customfield_10047), 'Nobody can work');
    assert.equal(fields.customfield_10048, undefined);
  });

  test('keeps properties, which bulkfetch shows when it is asked for them', async (t) => {
    const jira = await started(t);
    await create(jira, bug, { properties: [{ key: 'maro.request', value: { id: 'r1' } }] });
    const fetch = async (properties?: string[]) => {
      const body = { issueIdsOrKeys: ['PLAT-97', 'PLAT-1'], fields: ['created'], ...(properties && { properties }) };
      const response = await ask(jira, 'issue/bulkfetch', { body });
      const { issues = [] } = (await response.json()) as { issues?: { properties?: object }[] };
      return [response.status, ...issues.map((each) => each.properties)];
    };
    assert.deepEqual(await fetch(['maro.request', 'other']), [200, {}, { 'maro.request': { id: 'r1' } }]);
    assert.deepEqual(await fetch(['other']), [200, {}, {}]);
    assert.deepEqual(await fetch(), [200, undefined, undefined]);
    assert.deepEqual(await fetch(Array<string>(6).fill('x')), [400]);
  });

  const required = [
    'Error code',
    'What customers see',
    'Severity',
    'Regions',
    'Customers affected',
    'Since',
    'On call',
  ];
  for (const [says, fields, errors] of [
    ['no project', { ...bug, project: undefined }, { project: 'Specify a valid project ID or key' }],
    ['no such project', { ...bug, project: { key: 'NOPE' } }, { project: 'Specify a valid project ID or key' }],
    ['a forbidden project', { ...bug, project: { id: '10003' } }, { project: 'Specify a valid project ID or key' }],
    ['no type', { ...bug, issuetype: {} }, { issuetype: 'Specify a valid issue type' }],
    ['a type of another project', { ...bug, issuetype: { id: '10013' } }, { issuetype: 'Specify a valid issue type' }],
    ['a type by another name', { ...bug, issuetype: { name: 'Fehler' } }, { issuetype: 'Specify a valid issue type' }],
    ['no summary', { ...bug, summary: undefined }, { summary: 'You must specify a summary of the issue.' }],
    ['a blank summary', { ...bug, summary: '  ' }, { summary: 'You must specify a summary of the issue.' }],
    ['256 characters', { ...bug, summary: 'x'.repeat(256) }, { summary: "Summary can't exceed 255 characters." }],
    [
      'two lines',
      { ...bug, summary: 'one\ntwo' },
      { summary: 'The summary is invalid because it contains newline characters.' },
    ],
    [
      'a description in plain text',
      { ...bug, description: 'words' },
      { description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' },
    ],
    [
      'a description that is too long',
      { ...bug, description: doc(paragraph('x'.repeat(32_768))) },
      { description: 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.' },
    ],
    [
      'a field that is not on the screen',
      { ...bug, customfield_10042: { id: '10300' } },
      {
        customfield_10042: "Field 'customfield_10042' cannot be set. It is not on the appropriate screen, or unknown.",
      },
    ],
    ['a stranger', { ...bug, assignee: { accountId: 'nobody' } }, { assignee: 'User does not exist.' }],
    [
      'a parent that is no epic',
      { ...bug, parent: { key: 'PLAT-2' } },
      { parent: 'Given parent issue does not belong to appropriate hierarchy.' },
    ],
    [
      'a parent elsewhere',
      { ...bug, parent: { key: 'SHOP-1' } },
      { parent: 'Given parent issue does not belong to appropriate hierarchy.' },
    ],
    ['a forbidden parent', { ...bug, parent: { key: 'PLAT-80' } }, { parent: 'Could not find issue by id or key.' }],
    [
      'a sub-task of nothing',
      { ...bug, issuetype: { id: '10004' } },
      { parent: 'A sub-task needs the key or the id of its parent.' },
    ],
    [
      'nothing of what is required',
      { ...bug, project: { key: 'OPS' }, issuetype: { id: '10021' } },
      Object.fromEntries(required.map((name, i) => [`customfield_${10_040 + i}`, `${name} is required.`])),
    ],
    ['a number in words', { ...incident, customfield_10044: '40' }, { customfield_10044: 'Specify a number.' }],
    [
      'a day that is none',
      { ...incident, customfield_10045: '2026-13-40' },
      { customfield_10045: 'Error parsing date string: expected yyyy-MM-dd.' },
    ],
    [
      "another field's option",
      { ...incident, customfield_10042: { id: '10310' } },
      { customfield_10042: "Specify a valid 'id' or 'value' for Severity" },
    ],
    [
      'one for many',
      { ...incident, customfield_10043: { id: '10310' } },
      { customfield_10043: 'data was not an array' },
    ],
    ['nobody', { ...incident, customfield_10046: {} }, { customfield_10046: 'User does not exist for On call.' }],
  ] as const) {
    test(`refuses ${says}, and makes nothing`, async (t) => {
      const jira = await started(t);
      const before = jira.issues.all().length;
      const { status, json } = await create(jira, fields);
      assert.deepEqual([status, json], [400, { errorMessages: [], errors }]);
      assert.equal(jira.issues.all().length, before);
    });
  }

  test('refuses what does not fit the request, and says what is not played', async (t) => {
    const jira = await started(t);
    const table: [body: unknown, status: number][] = [
      [{}, 400],
      [[], 400],
      ['{', 400],
      [{ fields: bug, colour: 'red' }, 400],
      [{ fields: bug, properties: [{ key: 'maro.request' }] }, 400],
      [{ fields: bug, properties: { 'maro.request': 1 } }, 400],
      [{ fields: bug, update: {} }, 501],
    ];
    for (const [body, status] of table) {
      assert.equal((await ask(jira, 'issue', { body })).status, status, JSON.stringify(body));
    }
    assert.equal((await ask(jira, 'issue', { body: '{}', headers: { 'content-type': 'text/plain' } })).status, 415);
    assert.equal((await ask(jira, 'issue', { body: { fields: bug }, authorization: null })).status, 401);
  });
});

describe('creating many issues', { concurrency: true }, () => {
  const story = (summary: string, more: object = {}) => ({
    fields: { project: { key: 'PLAT' }, issuetype: { id: '10001' }, summary, ...more },
  });
  const many = async (jira: Jira, issueUpdates: unknown) => {
    const response = await ask(jira, 'issue/bulk', { body: { issueUpdates } });
    return {
      status: response.status,
      json: (await response.json()) as { issues: { key: string }[]; errors: object[] },
    };
  };

  test('lets some stand while others are refused, each by its place', async (t) => {
    const jira = await started(t);
    const { status, json } = await many(jira, [
      story('One'),
      story(''),
      story('Three'),
      story('Four', { nonsense: 1 }),
    ]);
    assert.equal(status, 201);
    assert.deepEqual(
      json.issues.map(({ key }) => key),
      ['PLAT-97', 'PLAT-98'],
    );
    assert.equal((await issue(jira, 'PLAT-98')).fields.summary, 'Three');
    const nonsense = "Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown.";
    assert.deepEqual(json.errors, [
      {
        status: 400,
        elementErrors: { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } },
        failedElementNumber: 1,
      },
      { status: 400, elementErrors: { errorMessages: [], errors: { nonsense } }, failedElementNumber: 3 },
    ]);
  });

  test('is 400 when none stands, and takes 50 and no more', async (t) => {
    const jira = await started(t);
    const none = await many(jira, [story(''), story('')]);
    assert.deepEqual([none.status, none.json.issues, none.json.errors.length], [400, [], 2]);
    assert.equal((await many(jira, Array(51).fill(story('x')))).status, 400);
    assert.equal((await many(jira, [])).status, 400);
    assert.equal((await many(jira, 'x')).status, 400);
    assert.equal((await ask(jira, 'issue/bulk', { body: { issues: [] } })).status, 400);
    assert.equal((await many(jira, Array(50).fill(story('x')))).json.issues.length, 50);
  });
});
