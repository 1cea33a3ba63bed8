import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { checkBlocks } from '../../../sandbox/slack/blocks.ts';
import type { Answer, Phrase } from '../../../src/issues/answer.ts';
import { answersMessage } from '../../../src/messages/blocks.ts';
import type { Message } from '../../../src/slack/message.ts';
import { anyCharacter } from '../../any-character.ts';
import { type Maro, startMaro, type World, words, world } from '../../maro.ts';
import { pings } from '../../pings.ts';
import { assertPrivate } from '../../privacy.ts';

const SITE = 'https://acme.atlassian.net';
const PHRASES: Phrase[] = ['now tracked', 'tracked already', 'not found', 'not an issue key', 'not checked'];

/** Anything that Unicode has, hostile pieces among it. */
const anyText = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: anyCharacter }),
        fc.constantFrom('<!channel>', '<@U1>', '<https://e|x>', '&lt;', '👨‍👩‍👧‍👦'),
      ),
    )
    .map((parts) => parts.join('').toWellFormed().slice(0, maxLength).toWellFormed());
const key = fc.integer({ min: 1, max: 9_999_999 }).map((n) => `PLAT-${n}`);

const answer: fc.Arbitrary<Answer> = fc.record(
  {
    name: fc.oneof(
      key,
      fc.stringMatching(/^[A-Z]{250}-\d{4}$/),
      anyText(80).map((text) => `x${text}`),
    ),
    phrase: fc.constantFrom(...PHRASES),
    url: fc.oneof(key, fc.stringMatching(/^[A-Z]{250}-\d{4}$/)).map((k) => `${SITE}/browse/${k}`),
    summary: anyText(255),
    formerKey: key,
    because: fc.constant('Jira isn’t answering. Try again in a minute.'),
  },
  { requiredKeys: ['name', 'phrase'] },
);

/** Slack takes it, and finds nothing in it but what was meant. */
function assertShown(message: Message, meant: RegExp): void {
  checkBlocks(message.blocks ?? []);
  assert.ok(message.text.length > 0 && message.text.length <= 40_000);
  assert.ok(JSON.stringify(message).isWellFormed());
  for (const ping of pings(message)) assert.match(ping, meant);
}

describe('what Maro shows', () => {
  test('answers to a hundred things fit a message, whatever they are, and ping nobody', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 100, size: 'max' }), (answers) => {
        assertShown(answersMessage(answers), /^link https:\/\/acme\.atlassian\.net\/browse\/[A-Z]+-\d+$/);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('says how many answers there are that did not fit', () => {
    const answers = Array.from({ length: 100 }, (_, i): Answer => {
      const name = `${'K'.repeat(250)}-${i + 1}`;
      return { name, phrase: 'now tracked', url: `${SITE}/browse/${name}` };
    });
    const shown = words(answersMessage(answers));
    const lines = shown.match(/now tracked/g)?.length ?? 0;
    assert.ok(lines > 20 && lines < 100);
    assert.match(shown, new RegExp(`… and ${100 - lines} more`));
  });

  describe('to a person who types', () => {
    let w: World;
    let maro: Maro;
    before(async () => {
      w = await world();
      maro = await startMaro(w, { LOG_LEVEL: 'debug' });
    });

    const hostile: [what: string, text: string][] = [
      ['SQL', `PLAT-1'; drop table tracked_issues; -- " ; delete from jira_issues where ''=''`],
      ['mentions', '<!channel> <!here> <!everyone> <@U0BEN> <@U0BEN|ben> <#C2> <!subteam^S1> <!date^0^{date}|x>'],
      [
        'links',
        '<https://evil.example|jira> <https://evil.example> https://evil.example/browse/PLAT-1 <mailto:a@b.example>',
      ],
      ['Markdown', '*PLAT-1* _x_ ~x~ `x` ```x``` > x [jira](https://evil.example)'],
      ['escapes', '&lt;!channel&gt; &amp;lt;!channel&amp;gt; &#60;!channel&#62;'],
      ['new lines', 'PLAT-999\n\r\u2028\u2029x'],
      ['what reads backwards', '\u202ePLAT-999\u202c \u2067x\u2069 \u061cx'],
      ['what cannot be seen', 'PL\u200bAT-999 \u200d \ufeff \u00ad\u2060x'],
      ['families', '👨‍👩‍👧‍👦'.repeat(500)],
      ['piles of accents', `x${'\u0301'.repeat(5_000)}`],
      ['control characters', 'PLAT-\x00999 \0 \x07 \x1b[31mred \x7f'],
      ['half a letter', '\ud83d \udc68 PLAT-\ud800999'],
      ['prototypes', '__proto__ constructor toString hasOwnProperty'],
      ['paths', '../../../etc/passwd PLAT-1/../../x PLAT-1?x=1#y %2e%2e%2f'],
      ['forty thousand letters', 'x'.repeat(40_000)],
      ['forty thousand letters that begin like keys', 'A-'.repeat(20_000)],
      ['six thousand keys', 'PLAT-1 '.repeat(6_000)],
      ['two thousand keys', Array.from({ length: 2_000 }, (_, i) => `ZZ-${i + 1}`).join(' ')],
    ];
    for (const [what, text] of hostile) {
      test(`${what}, in a command or a step: an answer in words that pings nobody`, async () => {
        for (const verb of ['track', 'untrack', 'tracked', '']) {
          const [message] = (await w.slack.command(`/maro ${verb} ${text}`)).messages;
          assert.ok(message?.ephemeral_to, 'the answer is private');
          const ours = new RegExp(`^link ${w.jira.site}/browse/PLAT-1$`);
          assert.deepEqual(
            pings(message).filter((ping) => !ours.test(ping)),
            [],
            `${verb}: ${JSON.stringify(message)}`,
          );
          assert.doesNotMatch(words(message), /Something went wrong/);
          assert.doesNotMatch(words(message), /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u202e\u2067]/u);
        }
        for (const callback_id of ['track', 'untrack']) {
          const inputs = { channel_id: 'C2', issue_keys: text, user_id: 'U0ADA' };
          const { outputs, error } = await w.slack.step(callback_id, inputs).finished;
          const shown = JSON.stringify([outputs, error]);
          assert.doesNotMatch(shown, /[<>]|Something went wrong/);
        }
      });
    }

    test('whatever stands in Jira is shown as the text it is', async () => {
      const evil = '<!channel> <@U0BEN> <https://evil.example|jira>\n&lt;!here&gt; \u202e\u200b*_~`> 👨‍👩‍👧‍👦';
      w.jira.issues.edit('PLAT-3', { summary: evil });
      const url = `${w.jira.site}/browse/PLAT-3`;
      for (const [text, expected] of [
        ['track PLAT-3', [`link ${url}`]],
        ['tracked', [`<${url}|PLAT-3>`, '<@U0ADA>']],
        ['untrack PLAT-3', [`link ${url}`]],
      ] as const) {
        const [message] = (await w.slack.command(`/maro ${text}`, { channel: 'D1' })).messages;
        const meant = pings(message).filter((ping) => !ping.startsWith('<!date^'));
        assert.deepEqual(meant, expected, text);
        if (!text.startsWith('untrack')) {
          const shown = words(message).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
          // The list cuts a summary, so that a row takes two lines at most on a phone.
          assert.match(
            shown,
            text === 'tracked' ? /<!channel> <@U0BEN> <http/ : /<!channel> <@U0BEN> <https:\/\/evil\.example\|jira>/,
          );
        }
      }
      await w.slack.step('track', { channel_id: 'D1', issue_keys: 'PLAT-3' }).finished;
      const { outputs } = await w.slack.step('list', { channel_id: 'D1' }).finished;
      assert.match(String(outputs.text), /‹!channel› ‹@U0BEN›/);
      assert.doesNotMatch(String(outputs.text), /[<>\n\u202e]/);
    });

    test('leaves nothing of it in the log', () => {
      assertPrivate([maro], w, ['PLAT-', 'evil', '!channel', '__proto__', 'etc/passwd', 'U0ADA']);
      assert.deepEqual(
        maro.log.filter(({ level }) => level !== 'info'),
        [],
      );
      assert.deepEqual(w.slack.refusals, []);
    });
  });
});
