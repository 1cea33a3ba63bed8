import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { messageLinkOf, parseMessage, permalink } from '../../../src/slack/permalink.ts';

const HOME = 'https://acme.slack.com/';
const LINK = 'https://acme.slack.com/archives/C0CHECK/p1700000000000100';
const REPLY = `${LINK}?thread_ts=1699999999.000200&cid=C0CHECK`;

describe('a message is named', () => {
  for (const [how, text, link] of [
    ['by its permalink', LINK, LINK],
    ['by the permalink of a reply', REPLY, REPLY],
    ['by a permalink with escapes', REPLY.replace('&', '&amp;'), REPLY],
    ['by a permalink in brackets', `<${LINK}>`, LINK],
    ['by a permalink with words', `<${REPLY.replace('&', '&amp;')}|the message>`, REPLY],
    ['among other words', `Please look at ${LINK}, it loops.`, LINK],
    ['after another link', `<https://x.example/a|notes> and <${LINK}|the message>`, LINK],
    ['at the end of a sentence', `(See ${REPLY}).`, REPLY],
    ['with a slash behind', `${LINK}/`, LINK],
    ['with spaces around', `\n  ${LINK}\u00a0`, LINK],
    ['without https://', LINK.slice('https://'.length), LINK],
    ['with http://', LINK.replace('https', 'http'), LINK],
    ['with a host in capitals', LINK.replace('acme.slack.com', 'ACME.Slack.com'), LINK],
    ['in a direct message', LINK.replace('C0CHECK', 'D0ADA'), LINK.replace('C0CHECK', 'D0ADA')],
    ['in a private channel of old', LINK.replace('C0CHECK', 'G0OPS'), LINK.replace('C0CHECK', 'G0OPS')],
    ['in another workspace', LINK.replace('acme', 'other'), LINK.replace('acme', 'other')],
    ['in an organization', LINK.replace('acme', 'acme.enterprise'), LINK.replace('acme', 'acme.enterprise')],
    ['in GovSlack', LINK.replace('slack.com', 'slack-gov.com'), LINK.replace('slack.com', 'slack-gov.com')],
    ['by an address of old', LINK.replace('/archives/', '/messages/'), LINK],
    ['without a workspace', 'https://slack.com/archives/C0CHECK/p1700000000000100', LINK],
    ['in the web client', 'https://app.slack.com/client/T0ACME/C0CHECK/p1700000000000100', LINK],
    ['by its timestamp in the web client', 'https://app.slack.com/client/T0ACME/C0CHECK/1700000000.000100', LINK],
    [
      'as a thread in the web client',
      'https://app.slack.com/client/T0ACME/C0CHECK/thread/C0CHECK-1700000000.000100',
      LINK,
    ],
    ['in the web client of an organization', '<https://app.slack.com/client/E0ACME/C0CHECK/p1700000000000100|x>', LINK],
    ['by its timestamp', '1700000000.000100', permalink(HOME, 'C0HERE', '1700000000.000100')],
    ['by a message_context', '{"message_ts":"1700000000.000100","channel_id":"C0CHECK"}', LINK],
    ['by a message_context without a channel', '{"message_ts":"1700000000.000100"}', LINK.replace('C0CHECK', 'C0HERE')],
  ] as const) {
    test(how, () => assert.equal(messageLinkOf(text, { workspaceUrl: HOME, channel: 'C0HERE' }), link));
  }

  for (const [what, text, left] of [
    ['a link to a channel', 'https://acme.slack.com/archives/C0CHECK', 'https://acme.slack.com/archives/C0CHECK'],
    [
      'a channel in the web client',
      'https://app.slack.com/client/T0ACME/C0CHECK',
      'https://app.slack.com/client/T0ACME/C0CHECK',
    ],
    [
      'a page elsewhere',
      '<https://x.example/archives/C1/p1700000000000100?a&amp;b|x>',
      'https://x.example/archives/C1/p1700000000000100?a&b',
    ],
    ["a host that ends like Slack's", LINK.replace('acme.slack', 'evilslack'), LINK.replace('acme.slack', 'evilslack')],
    ["a host behind Slack's", LINK.replace('.com/', '.com@x.example/'), LINK.replace('.com/', '.com@x.example/')],
    ['a link with letters in the timestamp', `${LINK}abc`, `${LINK}abc`],
    [
      'a link with too short a timestamp',
      'https://acme.slack.com/archives/C1/p12345',
      'https://acme.slack.com/archives/C1/p12345',
    ],
    ['JSON of something else', '{"ts":"1700000000.000100"}', '{"ts":"1700000000.000100"}'],
    ['JSON with a number', '{"message_ts":1700000000.0001}', '{"message_ts":1700000000.0001}'],
    ['half of JSON', '{"message_ts":', '{"message_ts":'],
    ['a mention', '<!channel>', '<!channel>'],
    ['words', 'yesterday', 'yesterday'],
    ['nothing', '  ', ''],
  ] as const) {
    test(`not by ${what}, which is left as it is`, () => {
      assert.equal(parseMessage(text), undefined);
      assert.equal(messageLinkOf(text, { workspaceUrl: HOME, channel: 'C0HERE' }), left);
    });
  }

  test('by its timestamp alone only together with a channel', () => {
    const place = { workspaceUrl: HOME, channel: undefined };
    assert.equal(messageLinkOf('1700000000.000100', place), '1700000000.000100');
  });

  const part = (letters: string, minLength: number) =>
    fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength: 20 });
  const ts = fc
    .tuple(fc.integer({ min: 1, max: 999_999_999_999 }), part('0123456789', 6))
    .map(([s, us]) => `${s}.${us.slice(0, 6)}`);
  const message = fc.record({
    workspaceUrl: part('abcdefghijklmnopqrstuvwxyz0123456789', 1).map((name) => `https://${name}x.slack.com/`),
    channel: part('ABCXYZ0189', 1).map((id) => `C${id}`),
    ts,
    threadTs: fc.option(ts, { nil: undefined }),
  });
  const wrapped = fc.constantFrom<(link: string) => string>(
    (link) => link,
    (link) => `<${link.replaceAll('&', '&amp;')}>`,
    (link) => `<${link.replaceAll('&', '&amp;')}|words>`,
    (link) => `Look: ${link} !`,
    (link) => link.replace('https://', ''),
  );

  test('by any permalink that Maro builds, however it is wrapped', () => {
    fc.assert(
      fc.property(message, wrapped, ({ workspaceUrl, channel, ts, threadTs }, wrap) => {
        const link = permalink(workspaceUrl, channel, ts, threadTs);
        assert.equal(messageLinkOf(wrap(link), { workspaceUrl: HOME, channel: undefined }), link);
      }),
    );
  });

  test('in the same words when the link is read again, whatever the text', () => {
    const pieces = fc.constantFrom(
      'https://',
      'a.slack.com/',
      'archives/',
      'C1/',
      'p1700000000000100',
      '<',
      '|',
      '>',
      '&amp;',
      '{',
      '?thread_ts=1.000001',
      ' ',
      '.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const once = messageLinkOf(text, { workspaceUrl: HOME, channel: 'C1' });
          if (parseMessage(text) !== undefined)
            assert.equal(messageLinkOf(once, { workspaceUrl: '', channel: 'C2' }), once);
        },
      ),
    );
  });
});
