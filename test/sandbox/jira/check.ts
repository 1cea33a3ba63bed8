import { readFile } from 'node:fs/promises';
import type { OpenAPIBackend } from 'openapi-backend';
import { type Jira, startJira } from './index.ts';
import { openapiReferee } from './openapi.ts';

/** A call and the status it must get. `unfit` calls are those that Atlassian's document must refuse as well. */
type Call = {
  says: string;
  status: number;
  method?: 'GET' | 'POST';
  path: string;
  body?: unknown;
  login?: 'none' | 'wrong';
  door?: 'gateway';
  unfit?: boolean;
};

const file = process.argv[2];
if (file === undefined) {
  console.error('Which document? Give the path of the OpenAPI document that Atlassian publishes for Jira Cloud.');
  process.exit(2);
}
let referee: OpenAPIBackend;
try {
  referee = await openapiReferee(await readFile(file, 'utf8'));
} catch (error) {
  console.error(`The document cannot be used: ${error instanceof Error ? error.message : error}`);
  process.exit(2);
}

const jira = await startJira();
let failed = 0;
const all = calls(jira);
try {
  for (const call of all) {
    const complaints = await check(call, jira, referee);
    if (complaints.length > 0) failed += 1;
    const { method = 'GET', path } = call;
    console.log(`${complaints.length > 0 ? 'FAILED' : 'passed'} ${call.status} ${method} ${path} (${call.says})`);
    for (const complaint of complaints) console.log(`       ${complaint}`);
  }
} finally {
  await jira.stop();
}
console.log(`${all.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function calls({ issues }: Jira): Call[] {
  const bulkfetch = '/rest/api/3/issue/bulkfetch';
  const issue = '/rest/api/3/issue';
  const fields = ['summary', 'status', 'assignee', 'issuetype', 'priority', 'updated'];
  const everyKey = issues.all().map(({ key }) => key);
  const post = (says: string, status: number, body: unknown, more: Partial<Call> = {}): Call => {
    return { says, status, method: 'POST', path: bulkfetch, body, ...more };
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
    post('no keys', 400, { issueIdsOrKeys: [], fields }),
    post('101 keys', 400, { issueIdsOrKeys: Array.from({ length: 101 }, (_, n) => `PLAT-${n + 1}`), fields }),
    post('unknown property', 400, { issueIdsOrKeys: ['PLAT-1'], jql: 'project = PLAT' }, { unfit: true }),
    post('number for a key', 400, { issueIdsOrKeys: [10105] }, { unfit: true }),
    post('fields in one string', 400, { issueIdsOrKeys: ['PLAT-1'], fields: 'summary' }, { unfit: true }),
    post('without issueIdsOrKeys', 400, { fields }, { unfit: true }),
    post('wrong login', 401, { issueIdsOrKeys: ['PLAT-1'], fields }, { login: 'wrong' }),
    post('no login', 401, { issueIdsOrKeys: ['PLAT-1'], fields }, { login: 'none' }),
  ];
}

/** What is wrong with the call, in words; nothing when the document and the stand-in agree. */
async function check(call: Call, jira: Jira, referee: OpenAPIBackend): Promise<string[]> {
  const { method = 'GET', path, status, door, login, unfit = false } = call;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const token = login === 'wrong' ? 'not-the-token' : door ? jira.scopedToken : jira.apiToken;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (login !== 'none') headers.authorization = `Basic ${Buffer.from(`${jira.email}:${token}`).toString('base64')}`;

  const request = { method, path, headers, body };
  const operation = referee.matchOperation(request);
  if (!operation?.operationId) return ['the document has no such operation'];
  const complaints: string[] = [];
  const { errors: requestErrors } = referee.validateRequest(request, operation);
  if (Boolean(requestErrors) !== unfit) {
    complaints.push(unfit ? 'the document takes the request' : `request: ${JSON.stringify(requestErrors)}`);
  }

  const base = door ? jira.gatewayUrl : jira.url;
  const response = await fetch(`${base}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const answer = await response.text();
  if (response.status !== status) complaints.push(`the answer is ${response.status}: ${answer.slice(0, 200)}`);
  if (!operation.responses?.[response.status]) complaints.push(`the document has no ${response.status} here`);
  // A login that is refused gets a line of text, and the document has no body for it.
  if (response.status === 401) return complaints;
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    return [...complaints, `the answer is no JSON: ${answer.slice(0, 200)}`];
  }
  const { errors } = referee.validateResponse(json, operation, response.status);
  if (errors) complaints.push(...errors.map((error) => `answer${error.instancePath}: ${error.message}`));
  return complaints;
}
