import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from './log.ts';
import { requireScope } from './manifest.ts';
import { type Method, methods, type Token } from './methods.ts';
import { record } from './record.ts';
import { Refusal } from './refusal.ts';
import type { Mishap } from './trouble.ts';
import type { World } from './world.ts';

export interface Tokens {
  botToken: string;
  appToken: string;
}

/** Arguments that travel as JSON inside a form. */
const jsonArguments = ['blocks', 'attachments', 'view', 'outputs', 'metadata', 'files'];
const page = 'apis/web-api';

/** Answers `POST /api/<method>`: always HTTP 200, but for rate limits and an API that is down. */
export async function answerCall(
  world: World,
  tokens: Tokens,
  strike: (method: string, args: Json) => Mishap | undefined,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const entry = world.log.add('call', name, {});
  const { authorization, 'user-agent': agent = '', 'content-type': type = '' } = request.headers;
  let token = '';
  response.once('close', () =>
    record({
      method: name,
      agent,
      isForm: !type.startsWith('application/json'),
      token: token === '' ? 'none' : authorization === undefined ? 'arguments' : 'header',
      args: entry.args,
      status: response.statusCode,
      retryAfter: String(response.getHeader('retry-after') ?? ''),
      answer: entry.answer,
    }),
  );
  try {
    const args = parse(request, body);
    token = bearer(request, args);
    entry.args = args;
    const mishap = strike(name, args);
    if (mishap && mishap.how !== 'lost') {
      entry.answer = suffer(mishap, response);
      return;
    }
    entry.answer = { ok: true, ...call(world, tokens, name, args, token) };
    if (mishap) {
      response.destroy();
      return;
    }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    world.log.refuse(refusal, entry);
    const { error, why } = refusal;
    entry.answer = { ok: false, error, response_metadata: { messages: [`[ERROR] ${why}`] } };
  }
  // As Slack's own client reads it: docs.slack.dev/tools/node-slack-sdk/reference/web-api/interfaces/WebAPICallResult
  const scopes = world.manifest.oauth_config?.scopes?.bot ?? [];
  const told = token === tokens.botToken ? { 'x-oauth-scopes': scopes.join(',') } : {};
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...told })
    .end(JSON.stringify(entry.answer));
}

function call(world: World, tokens: Tokens, name: string, args: Json, value: string): Json {
  const method = Object.hasOwn(methods, name) ? (methods[name] as Method) : undefined;
  if (!method)
    throw new Refusal('unknown_method', `The stand-in does not have the method ${name}.`, 'reference/methods');
  const token = authenticate(world, tokens, value);
  if (!method.tokens.includes(token.kind)) {
    const why = `${name} takes ${method.tokens.join(' or ')} tokens, not ${token.kind} tokens.`;
    throw new Refusal('not_allowed_token_type', why, `reference/methods/${name}`);
  }
  if (method.scope) requireScope(world.manifest, method.scope, name);
  return method.run(world, args, token);
}

function authenticate({ executions }: World, { botToken, appToken }: Tokens, value: string): Token {
  if (value === botToken) return { kind: 'bot', value };
  if (value === appToken) return { kind: 'app', value };
  if (value === '') throw new Refusal('not_authed', 'The request has no token.', 'authentication/tokens');
  if (!value.startsWith('xwfp-'))
    throw new Refusal('invalid_auth', 'Slack did not issue this token.', 'authentication/tokens');
  executions.checkToken(value);
  return { kind: 'workflow', value };
}

/** The token, which an old client may send among the arguments. The log keeps arguments without it. */
function bearer(request: IncomingMessage, args: Json): string {
  const [, header] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  const { token } = args;
  delete args.token;
  return header ?? (typeof token === 'string' ? token : '');
}

function parse(request: IncomingMessage, body: string): Json {
  const type = request.headers['content-type']?.split(';')[0] ?? '';
  if (type === 'application/json') {
    const args = parseJson(body, 'invalid_json', 'The body is not JSON.');
    if (typeof args === 'object' && args !== null && !Array.isArray(args)) return args as Json;
    throw new Refusal('json_not_object', 'The body is JSON but not an object.', page);
  }
  if (type !== 'application/x-www-form-urlencoded') {
    if (body === '') return {};
    throw new Refusal('invalid_post_type', `Slack accepts forms and JSON, not "${type}".`, page);
  }
  const args: Json = Object.fromEntries(new URLSearchParams(body));
  for (const name of jsonArguments) {
    if (args[name] === undefined) continue;
    const error = name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments';
    args[name] = parseJson(String(args[name]), error, `${name} is not JSON.`);
  }
  return args;
}

function parseJson(text: string, error: string, why: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(error, why, page);
  }
}

/** Answers what was left of an answer, for the log. */
function suffer(mishap: Exclude<Mishap, { how: 'lost' }>, response: ServerResponse): unknown {
  if (mishap.how === 'reset') {
    response.destroy();
    return undefined;
  }
  if (mishap.how === 'error') {
    response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Server Error</h1>');
    return 500;
  }
  const { retryAfter, error } =
    mishap.how === 'rate' ? { ...mishap, error: 'ratelimited' } : { ...mishap, retryAfter: 0 };
  const answer = { ok: false, error };
  if (retryAfter) response.setHeader('retry-after', String(retryAfter));
  response.writeHead(retryAfter ? 429 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
  return answer;
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
