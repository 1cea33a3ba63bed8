import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { adfText } from '../../sandbox/jira/adf.ts';
import { startMaro, until, type World, words, world } from '../maro.ts';

describe('commenting on an issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200, 400] });
    await w.slack.command('/maro track PLAT-4 PLAT-10', { channel: 'C1' });
  });
  beforeEach(() => w.jira.resetRequests());
  afterEach(() => {
    for (const endpoint of ['comment', 'comments', 'commentsByIds'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const step = (issue_key: string, inputs: object) => w.slack.step('comment_issue', { issue_key, ...inputs }).finished;
  const command = async (text: string) => (await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages[0];
  const comments = (key: string) => (w.jira.issues.find(key)?.comments ?? []).map(({ body }) => adfText(body));
  const body = (key: string) => (last(key)?.body ?? {}) as { content?: unknown };
  const last = (key: string) => w.jira.issues.find(key)?.comments.at(-1);

  test('is one call to Jira, and begins with the name of the person', async () => {
    const { state, outputs } = await step('plat-4', {
      comment: 'See <https://example.com/a?b=1&amp;c=2|the report>, <@U0BEN> &lt;3',
      user_id: 'U0ADA',
      message_link: 'https://acme.slack.com/archives/C1/p1700000000000100',
    });
    assert.equal(state, 'completed');
    const id = last('PLAT-4')?.id;
    assert.deepEqual(outputs, {
      commented: true,
      issue_key: 'PLAT-4',
      issue_url: `${w.jira.site}/browse/PLAT-4`,
      comment_url: `${w.jira.site}/browse/PLAT-4?focusedCommentId=${id}`,
      error: '',
    });
    assert.equal(w.jira.requests.length, 1);
    assert.deepEqual(last('PLAT-4')?.body, {
      type: 'doc',
      version: 1,
      content: [
        { type: 'paragraph', content: [{ type: 'text', text: 'ada in Slack:', marks: [{ type: 'strong' }] }] },
        {
          type: 'paragraph',
          content: [
            { type: 'text', text: 'See ' },
            {
              type: 'text',
              text: 'the report',
              marks: [{ type: 'link', attrs: { href: 'https://example.com/a?b=1&c=2' } }],
            },
            { type: 'text', text: ', @ben <3' },
          ],
        },
        {
          type: 'paragraph',
          content: [
            {
              type: 'text',
              text: 'From a message in Slack',
              marks: [{ type: 'link', attrs: { href: 'https://acme.slack.com/archives/C1/p1700000000000100' } }],
            },
          ],
        },
      ],
    });
  });

  test('keeps the formatting of a formatted comment, after the plain one', async () => {
    const formatted_comment = {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'bold', style: { bold: true } }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'let x;' }] },
      ],
    };
    await step('PLAT-4', { comment: 'First', formatted_comment });
    assert.deepEqual(body('PLAT-4').content, [
      { type: 'paragraph', content: [{ type: 'text', text: 'First' }] },
      { type: 'paragraph', content: [{ type: 'text', text: 'bold', marks: [{ type: 'strong' }] }] },
      { type: 'codeBlock', content: [{ type: 'text', text: 'let x;' }] },
    ]);
  });

  test('by the command says where the comment is', async () => {
    const said = words(await command('comment PLAT-4 The fix is *out*\nTry it'));
    const id = last('PLAT-4')?.id;
    const issue = `${w.jira.site}/browse/PLAT-4`;
    assert.equal(said, `<${issue}?focusedCommentId=${id}|Your comment> was added to <${issue}|PLAT-4>.`);
    assert.match(comments('PLAT-4').at(-1) ?? '', /^ada in Slack:\s+The fix is \*out\*\s+Try it$/);
  });

  test('by a message to Maro adds the comment once', async () => {
    w.slack.post('@maro comment PLAT-4 By a mention', { channel: 'C1', user: 'ada' });
    await until(() => comments('PLAT-4').some((text) => text.includes('By a mention')), 'the comment is there');
    await until(() => w.slack.everything().some((each) => /was added to/.test(words(each))), 'an answer');
    assert.equal(comments('PLAT-4').filter((text) => text.includes('By a mention')).length, 1);
  });

  test('is told as done if only Jira’s answer was lost', async () => {
    w.jira.trouble('comment', { kind: 'cut' });
    const { outputs, error } = await step('PLAT-4', { comment: 'Answer lost' });
    assert.deepEqual([error, outputs.commented], [undefined, true]);
    assert.equal(outputs.comment_url, `${w.jira.site}/browse/PLAT-4?focusedCommentId=${last('PLAT-4')?.id}`);
    assert.equal(w.jira.count('comment'), 1);
  });

  test('is not repeated, nor told as not done, if nobody knows', async () => {
    w.jira.trouble('comment', { kind: 'cut', undone: true });
    assert.equal(
      (await step('PLAT-4', { comment: 'Request lost' })).error,
      'Jira didn’t answer in time, so the comment may or may not have been added. Maro looked in Jira and found no such comment. Look at the issue before you repeat it.',
    );
    w.jira.trouble('comments', { kind: 'server_error', status: 503 });
    assert.match((await step('PLAT-4', { comment: 'Request lost' })).error ?? '', / Maro couldn’t look in Jira\. /);
    assert.equal(w.jira.count('comment'), 2);
  });

  for (const [kind, why] of [
    ['not_permitted', /Jira doesn’t let Maro’s account do this/],
    ['conflict', /Somebody changed the issue in Jira/],
    ['rate_limited', /Jira asked Maro to slow down/],
  ] as const) {
    test(`is told as not done if Jira refuses it (${kind}), with what was typed`, async () => {
      const before = comments('PLAT-4');
      w.jira.trouble('comment', { kind });
      const message = await command('comment PLAT-4 Typed & *kept*');
      assert.match(words(message), /^Nothing was added\. /);
      assert.match(words(message), why);
      assert.match(words(message), /You typed:\nTyped & \*kept\*\n$/);
      assert.deepEqual(comments('PLAT-4'), before);
    });
  }

  test('of an issue that is gone meanwhile says so', async () => {
    w.jira.issues.remove('PLAT-10');
    assert.equal(
      (await step('PLAT-10', { comment: 'Too late' })).error,
      'Nothing was added. There’s no such issue, or Maro can’t see it.',
    );
  });

  test('that is longer than Jira takes is not sent', async () => {
    assert.equal(
      (await step('PLAT-4', { comment: 'a'.repeat(32_768) })).error,
      'Nothing was added. This comment has 32,768 characters, and Jira’s limit is 32,767.',
    );
    assert.equal(w.jira.count('comment'), 0);
  });
});
