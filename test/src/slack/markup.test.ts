import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainText, unnamedIn, withLinks } from '../../../src/slack/markup.ts';

const NAMES = new Map([['U0BEN', 'Ben <!here>']]);

describe("Slack's markup", () => {
  for (const [markup, words] of [
    ['Fish &amp; chips &lt;hot&gt;', 'Fish & chips <hot>'],
    ['In <#C0CHECK|checkout> and <#C0OTHER>', 'In #checkout and #a channel'],
    ['<mailto:a@x.example|a@x.example>, <tel:+491|+49 1>', 'a@x.example, +49 1'],
    ['since <!date^1731542400^{date_short}|14 Nov>', 'since 14 Nov'],
    ['<@U0ADA|ada> and <@U0BEN> and <@U0CYD>', '@ada and @Ben <!here> and @U0CYD'],
    ['<!here> <!here|here> <!subteam^S0OPS|@ops> <!subteam^S0WEB>', '@here @here @ops @a user group'],
    ['<!date^1731542400^{date_short}>, <@W0CYD|>', '2024-11-14 00:00 UTC, @W0CYD'],
    ['<!doctype html>, <@ x>, <#define X>, <std::string>', '<!doctype html>, <@ x>, <#define X>, <std::string>'],
    ['<slack://channel?id=C1|open it>', 'open it'],
    [
      '<https://x.example/a?b=1&amp;c|the page>, <https://x.example/a?b=1&amp;c>',
      'the page, https://x.example/a?b=1&c',
    ],
    ['List<String> and a < b', 'List<String> and a < b'],
    ['', ''],
  ] as const) {
    test(`${JSON.stringify(markup)} is read as ${JSON.stringify(words)}`, () =>
      assert.equal(plainText(markup, NAMES), words));
  }

  test('of links is left where links work, and a name in it makes none', () => {
    const text = 'See <https://x.example|the page> &amp; ask <@U0BEN> in <#C1|a &amp; b>';
    assert.equal(withLinks(text, NAMES), 'See <https://x.example|the page> &amp; ask @Ben &lt;!here&gt; in #a &amp; b');
  });

  test('names the people who have no name in it, each once', () => {
    assert.deepEqual(unnamedIn('<@U0BEN> <@U0ADA|ada> <@U0BEN> <@U0CYD>'), ['U0BEN', 'U0CYD']);
  });
});
