import { readFile } from 'node:fs/promises';
import type { OpenAPIBackend, Operation } from 'openapi-backend';
import { route } from '../../sandbox/jira/endpoint.ts';
import { type Jira, type Request, startJira } from '../../sandbox/jira/index.ts';
import { scopeOf } from '../../sandbox/jira/scope.ts';
import { askAll, type Call, calls, callsOfRenamed } from './calls.ts';
import { openapiReferee } from './openapi.ts';

const file = process.argv[2];
if (file === undefined) {
  console.error(
    'Usage: npm run check:jira -- <file>\nThe file is the OpenAPI document that Atlassian publishes for Jira Cloud.',
  );
  process.exit(2);
}
let referee: OpenAPIBackend;
try {
  referee = await openapiReferee(await readFile(file, 'utf8'));
} catch (error) {
  console.error(`The document cannot be read: ${error instanceof Error ? error.message : error}`);
  process.exit(2);
}

const results = { passed: 0, failed: 0 };
await judge(calls, await startJira());
const renamed = await startJira();
renamed.customDomain = 'https://jira.acme.example';
renamed.rename(renamed.url.replace('127.0.0.1', 'localhost'));
await judge(callsOfRenamed, renamed);
// What Maro itself sends, and what it then gets.
const asked = await startJira();
try {
  await askAll(asked);
} finally {
  await asked.stop();
}
for (const request of asked.requests) {
  tell(`${request.status} ${request.method} ${request.path} (Maro)`, checkMaro(request, referee));
}
const scopes = scopesOf(asked.requests);
tell(`docs/connect.md names the scopes that Maro needs: ${scopes.join(', ')}`, await checkDocumented(scopes));
for (const operation of referee.getOperations()) {
  const { method, path } = operation;
  tell(`the scope of ${method.toUpperCase()} ${path}`, checkScope(operation));
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed > 0 ? 1 : 0;

async function judge(calls: (jira: Jira) => Call[], jira: Jira): Promise<void> {
  try {
    for (const call of calls(jira)) {
      const { method = 'GET', path, status, says } = call;
      tell(`${status} ${method} ${path} (${says})`, await check(call, jira, referee));
    }
  } finally {
    await jira.stop();
  }
}

function tell(what: string, complaints: string[]): void {
  results[complaints.length > 0 ? 'failed' : 'passed'] += 1;
  console.log(`${complaints.length > 0 ? 'FAILED' : 'passed'} ${what}`);
  for (const complaint of complaints) console.log(`       ${complaint}`);
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

  const base = door ? jira.gatewayUrl : jira.site;
  const response = await fetch(`${base}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const answer = await response.text();
  if (response.status !== status) complaints.push(`the answer is ${response.status}: ${answer.slice(0, 200)}`);
  // No answer of Jira's: the stand-in says that it does not play something.
  if (response.status === 501) return complaints;
  if (!operation.responses?.[response.status]) complaints.push(`the document has no ${response.status} here`);
  // There is nothing to say about a success without content.
  if (response.status === 204) return answer === '' ? complaints : [...complaints, 'the answer is not empty'];
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

/** What is wrong with a request of Maro's and with the stand-in's answer to it. */
function checkMaro({ method, path, body, status, answer }: Request, referee: OpenAPIBackend): string[] {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const request = { method, path, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const operation = referee.matchOperation(request);
  if (!operation?.operationId) return ['the document has no such operation'];
  const { errors: requestErrors } = referee.validateRequest(request, operation);
  const complaints = requestErrors ? [`request: ${JSON.stringify(requestErrors)}`] : [];
  if (!operation.responses?.[status ?? 0]) return [...complaints, `the document has no ${status} here`];
  if (status === 204) return answer === undefined ? complaints : [...complaints, 'the answer is not empty'];
  const { errors } = referee.validateResponse(answer, operation, status ?? 0);
  return [...complaints, ...(errors ?? []).map((error) => `answer${error.instancePath}: ${error.message}`)];
}

/** The scopes that the document asks for the requests, each once. */
function scopesOf(requests: readonly Request[]): string[] {
  const scopes = requests.flatMap(({ method, path }) =>
    documentedScopes(referee.matchOperation({ method, path, headers: {} })),
  );
  return [...new Set(scopes)].sort();
}

function documentedScopes({ security = [] }: Pick<Operation, 'security'> = {}): string[] {
  return security.flatMap(({ OAuth2 = [] }) => OAuth2);
}

/** What is wrong with the stand-in's scope for an operation of the document. */
function checkScope(operation: Operation): string[] {
  const { endpoint } = route(operation.method.toUpperCase(), operation.path, '');
  const documented = documentedScopes(operation).join();
  const played = scopeOf[endpoint] ?? '';
  return played === documented ? [] : [`the document has "${documented}", the stand-in "${played}"`];
}

async function checkDocumented(scopes: readonly string[]): Promise<string[]> {
  const page = await readFile(new URL('../../docs/connect.md', import.meta.url), 'utf8');
  const named = [...new Set(page.match(/\b(?:read|write|manage):jira-\w+/g))].sort();
  return named.join() === scopes.join() ? [] : [`docs/connect.md names ${named.join(', ')}`];
}
