import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallRecord } from '../../sandbox/slack/record.ts';
import { coverageOf } from './slack/coverage.ts';
import { type RawDocument, referenceOf } from './slack/document.ts';
import { complaintsOf } from './slack/judge.ts';

const document: RawDocument = {
  common_errors: ['ratelimited'],
  methods: {
    'chat.say': {
      scope: { bot: ['chat:write'] },
      rate_limits: 't3',
      args: {
        required: ['token', 'channel'],
        properties: {
          token: { type: 'string' },
          channel: { type: 'string' },
          blocks: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          limit: { type: 'number', maximum: 10 },
        },
      },
      output: { required: ['ts'], properties: { ts: { schema: 'ts' } } },
      errors: ['channel_not_found'],
    },
  },
  events: [{ name: 'app_mention', scopes: ['app_mentions.read'] }],
};
const reference = referenceOf(document);
const call: CallRecord = {
  file: 'test/a.test.ts',
  method: 'chat.say',
  agent: '@slack:web-api/8.2.0 node/24.0.0',
  isForm: true,
  token: 'header',
  args: { channel: 'C1', blocks: [{ type: 'divider' }], limit: '3' },
  status: 200,
  retryAfter: '',
  answer: { ok: true, ts: '1700000000.000100' },
};
const refusal = (error: string) => ({ ok: false, error, response_metadata: {} });

const table: [what: string, change: Partial<CallRecord>, complaint: RegExp | undefined][] = [
  ['a call and an answer as documented', {}, undefined],
  ['an argument that the method does not have', { args: { channel: 'C1', color: 'red' } }, /additional.*\(color\)/],
  ['an argument that is missing', { args: {} }, /required property 'channel'/],
  ['an argument that is too large', { args: { channel: 'C1', limit: '11' } }, /request\/limit: must be <= 10/],
  ['a token among the arguments', { token: 'arguments' }, /the token is not in the header/],
  ['a method that Slack does not have', { method: 'chat.shout' }, /no such method/],
  ['wrong arguments of a test of the stand-in', { file: 'test/sandbox/slack/a.test.ts', args: {} }, undefined],
  ['wrong arguments of a call without the client', { agent: 'node', args: {} }, undefined],
  ['an answer that lacks a property', { answer: { ok: true } }, /required property 'ts'/],
  ['an answer with a property of its own', { answer: { ...(call.answer as object), color: 1 } }, /\(color\)/],
  ['an answer with a property of another shape', { answer: { ok: true, ts: 'now' } }, /answer\/ts: must match/],
  ['an error of the method', { answer: refusal('channel_not_found') }, undefined],
  ['an error of every method', { answer: refusal('ratelimited') }, undefined],
  ['an error that the corrections add', { answer: refusal('internal_error') }, undefined],
  ['an error that Slack does not have', { answer: refusal('no_mood') }, /no error no_mood/],
  ['a 429 that says when to come again', { answer: refusal('ratelimited'), status: 429, retryAfter: '3' }, undefined],
  ['a 429 that does not', { answer: refusal('ratelimited'), status: 429 }, /without Retry-After/],
  ['an answer that never arrived', { answer: null }, undefined],
];
for (const [what, change, complaint] of table) {
  test(`${what}: ${complaint === undefined ? 'no complaint' : 'a complaint'}`, () => {
    const complaints = complaintsOf({ ...call, ...change }, reference);
    if (complaint === undefined) assert.deepEqual(complaints, []);
    else assert.match(complaints.join('\n'), complaint);
  });
}

test('scopes have the names that Slack gives them, and tiers are numbers', () => {
  assert.deepEqual(reference.event('app_mention'), ['app_mentions:read']);
  assert.deepEqual([reference.method('chat.say')?.tier, reference.event('nothing')], [3, undefined]);
});

test('errors that no test plays and no reason leaves out count against the tests', () => {
  const { findings, lines } = coverageOf([{ ...call, answer: refusal('ratelimited') }], reference);
  assert.match(lines.join('\n'), /^chat\.say: 1 errors played .*\n +neither: .*channel_not_found/);
  assert.match(lines.join('\n'), /since Slack's client writes the request.*:\n.* of each method/);
  assert.deepEqual(findings[0]?.complaints, ['that is less than 80 %']);
});
