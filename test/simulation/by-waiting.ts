import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '../../sandbox/slack/index.ts';
import { until, words } from '../maro.ts';
import { issueOf } from './acts.ts';
import { byStep } from './by-step.ts';
import { type Deed, posted, TRACKED } from './deed.ts';
import type { System } from './system.ts';

/** A step waits until an issue is done. Somebody completes the issue in Jira before, at the same moment, or soon after. */
export function waitByStep(system: System, { key, spelling }: { key: string; spelling: number }): Omit<Deed, 'name'> {
  const { jira, slack } = system;
  const issue = issueOf(system, key);
  const finish = () => jira.issues.edit(key, { status: 'Erledigt' }, 'mara');
  if (spelling % 5 === 0) finish();
  const execution = slack.step('wait_for_issue', { issue_key: key, status: 'Done', hours: 1 });
  if (spelling % 5 > 0) void sleep((spelling % 5) * 500).then(finish);
  const isDone = async () => issue.status.category === 'done';
  return byStep(execution, async (ended) => ended.outputs.reached === true && (await isDone()));
}

/** A step asks for an issue, and two people answer at once. */
export function pickByStep(system: System, { name }: { name: string }): Omit<Deed, 'name'> {
  const { slack, sql } = system;
  const words_ = `Which one in ${name}?`;
  const execution = slack.step('pick_issue', { channel_id: TRACKED, question: words_, hours: 1 });
  const questions = () => posted(system, TRACKED, words_);
  const valuesIn = ({ blocks }: Message) => JSON.stringify(blocks).match(/(?<="value":")\S+ - SHOP-\d+/g) ?? [];
  const offered: string[] = [];
  async function answer(): Promise<void> {
    await until(() => questions().length > 0, 'the question is there', 4_000);
    const [question] = questions();
    if (question === undefined) return;
    offered.push(...valuesIn(question).slice(0, 2));
    const press = (user: string, value: string | undefined) => slack.press(question, 'pick:choose', { user, value });
    await Promise.all([press('ada', offered[0]), press('ben', offered[1])]);
  }
  const answered = answer().catch(() => {});
  const deed = byStep(
    execution,
    async ({ outputs }) =>
      offered.some((value) => value.endsWith(` ${outputs.issue_key}`)) && isShown(String(outputs.issue_key)),
    () => (questions().length > 1 ? ['doubled'] : []),
  );
  const isShown = (key: string) =>
    questions().some((question) => words(question).includes(`chose ${key}`) || words(question).includes(`|${key}>`));
  return {
    ...deed,
    done: answered.then(() => deed.done),
    async judge(at) {
      // Without a choice, the step goes on waiting.
      const chosen =
        await sql`select from waits where tenant_id = 'T0ACME' and run_id = ${execution.id} and choice is not null`;
      const wrongs = await deed.judge(at);
      return execution.state === 'in_progress' && chosen.length === 0
        ? wrongs.filter((what) => what !== 'without an answer')
        : wrongs;
    },
  };
}
