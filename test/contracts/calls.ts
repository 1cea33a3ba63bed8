import { fields } from '../../sandbox/jira/ask.ts';
import type { Jira } from '../../sandbox/jira/index.ts';
import { createJira } from '../../src/jira/client.ts';
import { wireValue } from '../../src/jira/field.ts';
import type { NewIssue } from '../../src/jira/new-issue.ts';
import { act, acting } from './acting.ts';

/** A call and the status it must get. `unfit` calls are those that Atlassian's document must refuse as well. */
export type Call = {
  says: string;
  status: number;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  login?: 'none' | 'wrong';
  door?: 'gateway';
  unfit?: boolean;
};

const issue = '/rest/api/3/issue';

/** What the stand-in must answer as Atlassian's document has it. */
export function calls({ issues }: Jira): Call[] {
  const everyKey = issues.all().map(({ key }) => key);
  const post = (says: string, status: number, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: `${issue}/bulkfetch`, body, ...more };
  };
  return [
    { says: 'no login', status: 200, path: '/rest/api/3/serverInfo', login: 'none' },
    { says: 'login', status: 200, path: '/rest/api/3/serverInfo' },
    { says: 'gateway', status: 200, path: '/rest/api/3/serverInfo', door: 'gateway' },
    { says: 'wrong login', status: 401, path: '/rest/api/3/serverInfo', login: 'wrong' },
    { says: 'login', status: 200, path: '/rest/api/3/myself' },
    { says: 'gateway', status: 200, path: '/rest/api/3/myself', door: 'gateway' },
    { says: 'no login', status: 401, path: '/rest/api/3/myself', login: 'none' },
    { says: 'wrong login', status: 401, path: '/rest/api/3/myself', login: 'wrong' },
    { says: 'every field', status: 200, path: `${issue}/PLAT-1` },
    { says: 'every field of a sub-task', status: 200, path: `${issue}/SHOP-7` },
    { says: 'fields of Maro', status: 200, path: `${issue}/plat-3?fields=${fields.join(',')}` },
    { says: 'fields one by one', status: 200, path: `${issue}/PLAT-3?fields=summary&fields=status` },
    { says: 'id', status: 200, path: `${issue}/10105` },
    { says: 'moved', status: 200, path: `${issue}/LEGACY-7` },
    { says: 'gateway', status: 200, path: `${issue}/PLAT-3`, door: 'gateway' },
    { says: 'missing', status: 404, path: `${issue}/PLAT-4711` },
    { says: 'forbidden', status: 404, path: `${issue}/PLAT-80` },
    { says: 'wrong login', status: 401, path: `${issue}/PLAT-3`, login: 'wrong' },
    { says: 'no login at the gateway', status: 401, path: `${issue}/PLAT-3`, login: 'none', door: 'gateway' },
    { says: 'unknown parameter', status: 200, path: `${issue}/PLAT-3?colour=red`, unfit: true },
    post('request of Maro', 200, { issueIdsOrKeys: everyKey, fields }),
    post('gateway', 200, { issueIdsOrKeys: everyKey, fields }, { door: 'gateway' }),
    post('navigable fields', 200, { issueIdsOrKeys: everyKey }),
    post('every field', 200, { issueIdsOrKeys: everyKey, fields: ['*all'], fieldsByKeys: false }),
    post('moved, missing and forbidden', 200, { issueIdsOrKeys: ['PLAT-34', 'PLAT-4711', 'PLAT-80', '10105'], fields }),
    post('nothing found', 200, { issueIdsOrKeys: ['NOPE-1'], fields }),
    post('properties', 200, { issueIdsOrKeys: ['PLAT-1'], fields, properties: ['maro.request'] }),
    post('six properties', 400, { issueIdsOrKeys: ['PLAT-1'], fields, properties: [...'abcdef'] }),
    post('no keys', 400, { issueIdsOrKeys: [], fields }),
    post('101 keys', 400, { issueIdsOrKeys: Array.from({ length: 101 }, (_, n) => `PLAT-${n + 1}`), fields }),
    post('unknown property', 400, { issueIdsOrKeys: ['PLAT-1'], jql: 'project = PLAT' }, { unfit: true }),
    post('number for a key', 400, { issueIdsOrKeys: [10105] }, { unfit: true }),
    post('fields in one string', 400, { issueIdsOrKeys: ['PLAT-1'], fields: 'summary' }, { unfit: true }),
    post('without issueIdsOrKeys', 400, { fields }, { unfit: true }),
    post('wrong login', 401, { issueIdsOrKeys: ['PLAT-1'], fields }, { login: 'wrong' }),
    post('no login', 401, { issueIdsOrKeys: ['PLAT-1'], fields }, { login: 'none' }),
    ...creating(),
    ...searching(),
    ...history(issues),
    ...acting(),
  ];
}

/** What tells of changes, of an issue that has had each kind of them. */
function history(issues: Jira['issues']): Call[] {
  issues.edit('PLAT-3', { status: 'Blocked', summary: 'x', assignee: null, priority: null, duedate: '2026-12-24' });
  issues.edit('PLAT-3', { flagged: true });
  issues.edit('PLAT-3', { assignee: 'yuki', labels: ['late'], parent: 'PLAT-8' }, null);
  issues.move('PLAT-3', 'SHOP', 'tobias');
  issues.comment('PLAT-3', 'Why?', 'yuki', { visibility: { type: 'role', value: 'Administrators' } });
  issues.comment('PLAT-3', 'Because.', null);
  issues.link('PLAT-3', { title: 'A message', url: 'https://slack.example/archives/C1/p1' }, 'maro');
  const changelogs = '/rest/api/3/changelog/bulkfetch';
  const post = (says: string, status: number, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: changelogs, body, ...more };
  };
  const all = { issueIdsOrKeys: ['PLAT-3', 'PLAT-80', 'PLAT-4711'] };
  const jql = 'project in ("PLAT", SHOP) AND updated >= "-5m" ORDER BY updated ASC';
  const search = { jql, fields: ['*all'], expand: 'changelog' };
  const permissions = '/rest/api/3/mypermissions';
  return [
    post('whole histories', 200, all),
    post('some fields, page by page', 200, { ...all, fieldIds: ['status', 'assignee'], maxResults: 1 }),
    post('no issues', 400, { issueIdsOrKeys: [] }, { unfit: true }),
    post('1,001 issues', 400, { issueIdsOrKeys: Array.from({ length: 1_001 }, (_, n) => `A-${n}`) }, { unfit: true }),
    post('11 fields', 400, { ...all, fieldIds: [...'abcdefghijk'] }, { unfit: true }),
    post('since', 400, { ...all, since: '2026-11-20' }, { unfit: true }),
    post('changes of the last minutes', 200, search, { path: '/rest/api/3/search/jql' }),
    post('a project that is gone', 400, { jql: 'project in (PLAT, GONE)' }, { path: '/rest/api/3/search/jql' }),
    post('how many', 200, { jql }, { path: '/rest/api/3/search/approximate-count' }),
    post('how many of all', 400, { jql: '' }, { path: '/rest/api/3/search/approximate-count' }),
    { says: 'comments, the newest first', status: 200, path: `${issue}/PLAT-3/comment?orderBy=-created&maxResults=1` },
    { says: 'comments of a missing issue', status: 404, path: `${issue}/PLAT-4711/comment` },
    { says: 'comments by author', status: 400, path: `${issue}/PLAT-3/comment?orderBy=author`, unfit: true },
    { says: 'field comment', status: 200, path: `${issue}/PLAT-3?fields=comment` },
    { says: 'every status', status: 200, path: '/rest/api/3/status' },
    {
      says: 'of a project',
      status: 200,
      path: `${permissions}?permissions=BROWSE_PROJECTS,ADMINISTER&projectKey=PLAT`,
    },
    { says: 'of a hidden project', status: 404, path: `${permissions}?permissions=BROWSE_PROJECTS&projectKey=HR` },
    { says: 'none', status: 400, path: permissions },
    { says: 'unknown', status: 400, path: `${permissions}?permissions=FLY` },
  ];
}

/** What a site with a custom domain must answer that was renamed. */
export function callsOfRenamed({ issues }: Jira): Call[] {
  const says = 'renamed';
  const everyKey = issues.all().map(({ key }) => key);
  return [
    { says, status: 200, path: '/rest/api/3/serverInfo', login: 'none' },
    { says: 'renamed, gateway', status: 200, path: '/rest/api/3/serverInfo', door: 'gateway' },
    { says, status: 200, path: `${issue}/PLAT-3` },
    { says, status: 200, method: 'POST', path: `${issue}/bulkfetch`, body: { issueIdsOrKeys: everyKey, fields } },
  ];
}

function creating(): Call[] {
  const bug = { project: { key: 'PLAT' }, issuetype: { name: 'Bug' }, summary: 'It is broken' };
  const post = (says: string, status: number, body: unknown, path = issue, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path, body, ...more };
  };
  const [bulk, link] = [`${issue}/bulk`, `${issue}/PLAT-1/remotelink`];
  const object = { title: 'A message', url: 'https://slack.example/archives/C1/p1' };
  return [
    post('name of a type', 201, { fields: bug }),
    post('gateway', 201, { fields: bug }, issue, { door: 'gateway' }),
    post('fields that it lacks', 400, { fields: { project: { key: 'OPS' }, issuetype: { id: '10021' } } }),
    post('no fields', 400, { properties: [] }),
    post('unknown member', 400, { fields: bug, colour: 'red' }, issue, { unfit: true }),
    post('property without a value', 400, { fields: bug, properties: [{ key: 'x' }] }, issue, { unfit: true }),
    post('no login', 401, { fields: bug }, issue, { login: 'none' }),
    post('some refused', 201, { issueUpdates: [{ fields: bug }, { fields: { ...bug, summary: '' } }] }, bulk),
    post('all refused', 400, { issueUpdates: [{ fields: {} }] }, bulk),
    post('51 issues', 400, { issueUpdates: Array(51).fill({ fields: bug }) }, bulk),
    post('no list', 400, { issueUpdates: 'x' }, bulk, { unfit: true }),
    post('link without globalId', 201, { object }, link),
    post('link without a title', 400, { object: { url: object.url } }, link, { unfit: true }),
    post('link to a missing issue', 404, { object }, `${issue}/PLAT-4711/remotelink`),
    { says: 'links', status: 200, path: link },
    { says: 'no such link', status: 404, path: `${link}?globalId=x` },
    { says: 'page of types', status: 200, path: `${issue}/createmeta/10001/issuetypes?startAt=1&maxResults=2` },
    { says: 'types of a forbidden project', status: 400, path: `${issue}/createmeta/HR/issuetypes` },
    { says: 'fields of a sub-task', status: 200, path: `${issue}/createmeta/PLAT/issuetypes/10004` },
    { says: 'type of another project', status: 400, path: `${issue}/createmeta/PLAT/issuetypes/10021` },
  ];
}

function searching(): Call[] {
  const jql = 'project = PLAT AND statusCategory != Done ORDER BY created DESC';
  const post = (says: string, status: number, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: '/rest/api/3/search/jql', body, ...more };
  };
  const [projects, people] = ['/rest/api/3/project/search', '/rest/api/3/user/assignable/search'];
  return [
    post('first page of many', 200, { jql, fields: ['*all'], maxResults: 2 }),
    post('property clause', 400, { jql: 'issue.property[maro.request].id = "r1"' }),
    post('unbounded', 400, { jql: 'ORDER BY created' }),
    post('startAt', 400, { jql, startAt: 0 }, { unfit: true }),
    post('no JQL', 400, { fields }, { unfit: true }),
    { says: 'pages', status: 200, path: `${projects}?startAt=0&maxResults=1&orderBy=-key` },
    { says: 'two keys', status: 200, path: `${projects}?keys=PLAT&keys=SHOP` },
    { says: 'unknown order', status: 501, path: `${projects}?orderBy=colour`, unfit: true },
    { says: 'without a query', status: 400, path: `${people}?project=PLAT` },
    { says: 'of a forbidden project', status: 404, path: `${people}?project=HR&query=a` },
    {
      says: 'words',
      status: 200,
      path: `${issue}/picker?query=sign&currentJQL=${encodeURIComponent('project = PLAT')}`,
    },
  ];
}

/** Everything that Maro asks of Jira, in every form that its requests take. */
export async function askAll(site: Jira): Promise<void> {
  const log = { warn: () => {}, error: () => {} };
  const { url: host, email, apiToken } = site;
  const jira = createJira({ host, email, apiToken, projects: [] }, log);
  const limited = createJira({ host, email, apiToken, projects: ['PLAT', 'SHOP'] }, log);
  const text = { type: 'text', text: 'words', marks: [{ type: 'strong' }] };
  const description = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [text] }] } as const;
  const story: NewIssue = { project: 'PLAT', type: '10001', summary: 'As a customer', parent: 'PLAT-1', description };
  const incident: NewIssue = {
    project: 'OPS',
    type: '10021',
    summary: 'Nothing works',
    fields: {
      customfield_10040: 'E-17',
      customfield_10041: description,
      customfield_10042: wireValue({ kind: 'single_select', value: '10300' }),
      customfield_10043: wireValue({ kind: 'multi_select', value: ['10310', '10311'] }),
      customfield_10044: 40,
      customfield_10045: '2026-11-20',
      customfield_10046: wireValue({ kind: 'person', value: '5b10a2844c20165700ede213' }),
    },
  };
  const maintenance: NewIssue = {
    project: 'OPS',
    type: '10025',
    summary: 'New disks',
    fields: {
      priority: wireValue({ kind: 'single_select', value: '4' }),
      labels: wireValue({ kind: 'labels', value: ['disks'] }),
      components: wireValue({ kind: 'multi_select', value: ['10601'] }),
      fixVersions: wireValue({ kind: 'multi_select', value: ['10611'] }),
      parent: wireValue({ kind: 'parent', value: 'OPS-1' }),
      customfield_10050: 'CHG0042',
      customfield_10051: ['db-1'],
      customfield_10052: wireValue({ kind: 'datetime', value: 1_795_860_000 }),
      customfield_10053: wireValue({ kind: 'people', value: ['5b10a2844c20165700ede213'] }),
      customfield_10054: wireValue({ kind: 'cascading_select', value: '10320/10321' }),
    },
  };
  await jira.read(['PLAT-1', 'LEGACY-7', 'PLAT-4711']);
  await jira.readIds(['10101']);
  await jira.checkup();
  await limited.checkup();
  await jira.create(story, 'one');
  await jira.create(incident, 'two');
  await jira.create({ ...maintenance, reporter: '5b10a2844c20165700ede213' }, 'seven');
  await jira.create({ ...incident, fields: {} }, 'three');
  await jira.createMany([story, { ...story, parent: 'PLAT-2' }], 'four');
  await jira.createMany([{ ...story, parent: 'PLAT-2' }], 'five');
  await jira.findCreated({ project: 'PLAT', sentAt: new Date() }, ['one', 'six']);
  for (let i = 0; i < 2; i++) {
    await jira.link('PLAT-1', { globalId: 'a=1&b=2', url: 'https://slack.example/x?y=1', title: 'A message' });
  }
  await jira.link('PLAT-4711', { globalId: 'a', url: 'https://slack.example/x', title: 'A message' });
  site.mostAPage = 2;
  await jira.projects();
  await jira.projects('plat & co');
  await limited.projects();
  await jira.issueTypes('SHOP');
  await jira.issueTypes('HR');
  await jira.fields('OPS', '10021');
  await jira.fields('OPS', '10023');
  await jira.fields('OPS', '10025');
  await jira.fields('OPS', '10020');
  await jira.assignable('PLAT', 'ma');
  await jira.assignable('HR', '');
  await jira.person('mara@example.com');
  await jira.similar('SHOP', 'Umlaute fehlen: "Lieferschein" (Druck)');
  await jira.similar('HR', 'notice');
  // What changed, from histories and comments that come whole, and from those that do not.
  for (const most of [40, 1]) {
    Object.assign(site, { mostHistories: most, mostComments: most, mostAPage: most });
    site.issues.edit('PLAT-1', { status: 'Done', assignee: null });
    site.issues.edit('PLAT-1', { summary: `Done ${most}` });
    for (const words of ['One', 'Two']) site.issues.comment('PLAT-1', words);
    site.index.catchUp();
    for await (const page of jira.changedIn(['PLAT', 'SHOP'], 5)) if (page.state === 'refused') break;
  }
  for await (const page of jira.changedIn(['GONE'], 5)) if (page.state === 'page') break;
  await jira.changedByIds(['10101']);
  await jira.checkup();
  await act(jira);
}
