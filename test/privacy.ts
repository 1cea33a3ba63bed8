import assert from 'node:assert/strict';
import type { Maro, World } from './maro.ts';

/**
 * Whatever Maro writes is for whoever runs it: fails when it holds a secret, a token that came with a delivery, an issue's
 * summary or anything of `typed`.
 */
export function assertPrivate(maros: readonly Maro[], { slack, jira }: World, typed: readonly string[]): void {
  const basic = Buffer.from(`${jira.email}:${jira.apiToken}`).toString('base64');
  const secrets = [slack.botToken, slack.appToken, slack.signingSecret, jira.apiToken, basic, 'xwfp-', 'Bearer '];
  const summaries = jira.issues.all().map(({ summary }) => summary);
  const written = maros.map((maro) => maro.written()).join('\n');
  assert.ok(written.length > 0, 'a log that says nothing proves nothing');
  for (const words of [...secrets, ...summaries, ...typed]) {
    assert.ok(!written.includes(words), `the log holds ${JSON.stringify(words)}:\n${written}`);
  }
}
