import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../sandbox/slack/index.ts';
import { startMaro, type World, words, world } from '../maro.ts';

/** Slack's markup, and what people read in Slack. https://docs.slack.dev/messaging/formatting-message-text/ */
const CASES = [
  ['an escape', 'Fish &amp; chips &lt;hot&gt;', 'Fish & chips <hot>'],
  ['an escaped escape', 'Fish &amp;amp; chips', 'Fish &amp; chips'],
  ['a channel', 'In <#C0CHECK|checkout>', 'In #checkout'],
  ['a channel without a name', 'In <#C2>', 'In #platform'],
  ['a private channel that Maro is not in', 'In <#C3>', 'In #a channel'],
  ['an e-mail address', 'By <mailto:a@x.example|a@x.example>', 'By a@x.example'],
  ['a telephone number', 'Call <tel:+491|+49 1>', 'Call +49 1'],
  ['a date', 'Since <!date^1731542400^{date_short}|14 Nov>', 'Since 14 Nov'],
  ['a user group', 'For <!subteam^S0OPS|@ops>', 'For @ops'],
  ['everybody', 'For <!here>', 'For @here'],
  ['a person with a name', 'For <@U0ADA|ada>', 'For @ada'],
  ['a person without a name', 'For <@U0BEN>', 'For @{ben}'],
  ['a link with words', 'See <https://x.example/a|the page>', 'See the page'],
] as const;

describe("Slack's markup in a step's input is read as people read it:", () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });

  const step = async (id: string, inputs: object) => {
    const { error, outputs } = await w.slack.step(id, { ...inputs }).finished;
    assert.equal(error, undefined);
    return outputs;
  };
  const issue = (key: unknown) => w.jira.issues.all().find((each) => each.key === key) ?? assert.fail();
  const wordsOf = (document: unknown): string => {
    const { text = '', content = [] } = (document ?? {}) as { text?: string; content?: unknown[] };
    return text + content.map(wordsOf).join('');
  };
  const sent = () => w.jira.requests.filter(({ endpoint }) => endpoint === 'create').at(-1)?.body as never as Sent;
  type Sent = { fields: Record<string, unknown> };

  const inputs: Record<string, (text: string) => Promise<unknown>> = {
    'the summary of create_ticket': async (summary) =>
      issue((await step('create_ticket', { project: 'PLAT', summary })).issue_key).summary,
    'the description of create_ticket': async (description) => {
      await step('create_ticket', { project: 'PLAT', summary: 'x', description });
      return wordsOf(sent().fields.description);
    },
    'a field of create_ticket': async (text) => {
      const fields = JSON.stringify({ customfield_10999: text });
      await w.slack.step('create_ticket', { project: 'PLAT', summary: 'x', fields }).finished;
      return sent().fields.customfield_10999;
    },
    'the stories of create_stories': async (stories) =>
      issue((await step('create_stories', { project: 'PLAT', stories })).issue_keys).summary,
    'the new epic of create_stories': async (epic_summary) =>
      issue((await step('create_stories', { project: 'PLAT', stories: 'x', epic_summary })).epic_key).summary,
    'the note of post_ticket': async (note) => {
      await step('track', { channel_id: 'C1', issue_keys: 'PLAT-5' });
      await step('post_ticket', { channel_id: 'C1', issue_keys: 'PLAT-5', note });
      const { blocks } = w.slack.messages('C1', 'ben').at(-1) as Message;
      return words({ blocks: blocks.filter(({ block_id }) => block_id === 'note') } as Message).trim();
    },
  };
  for (const [where, read] of Object.entries(inputs)) {
    for (const [what, markup, plain] of CASES) {
      test(`${what}, in ${where}`, async () => {
        const { name } = w.slack.workspace.users.find(({ id }) => id === 'U0BEN') ?? assert.fail();
        assert.equal(await read(markup), plain.replace('{ben}', name));
      });
    }
  }

  test('an escape, in the issue type of create_ticket', async () => {
    const { error } = await w.slack.step('create_ticket', { project: 'PLAT', summary: 'x', issue_type: 'R&amp;D' })
      .finished;
    assert.match(error ?? '', /has no issue type “R&D”. Choose/);
  });
});
