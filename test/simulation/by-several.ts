import type { Seen } from '../../sandbox/slack/index.ts';
import { words } from '../maro.ts';
import { issueOf, judgeKnown, meanwhile, moveOf } from './acts.ts';
import { type Deed, denies, FRESH, outcomeOf, toldDirectly, type Wrong } from './deed.ts';
import type { System } from './system.ts';

const DONE = / (is|are) now /;

/** Moves an issue together with two others, and judges what was said of each. */
export function moveSeveral(
  system: System,
  asked: { name: string; key: string; spelling: number },
): Omit<Deed, 'name'> {
  const { jira, slack } = system;
  const others = [1, 2].map((n) => jira.issues.create('SHOP', { summary: `Beside ${asked.name}, ${n}` }).key);
  const keys = [asked.key, ...others];
  const issues = keys.map((key) => issueOf(system, key));
  const { to, times } = moveOf({ ...asked, spelling: 0 }, system);
  let seen: Seen | undefined;
  const said = () => {
    const private_ = (seen?.messages ?? []).filter(({ ephemeral_to }) => ephemeral_to !== undefined);
    const direct = keys.flatMap((key) => toldDirectly(system, key));
    return [...private_, ...direct].map(words).findLast((text) => text !== '') ?? '';
  };
  async function ask(): Promise<void> {
    void meanwhile(system, asked);
    seen = await slack.command(`/maro move ${keys.join(', ')} ${to}`, { channel: FRESH });
  }
  return {
    done: outcomeOf(ask()),
    said,
    async judge() {
      const word = said();
      const wrongs: Wrong['what'][] = [];
      for (const issue of issues) {
        const count = times(issue);
        const line = word.split('\n').find((each) => new RegExp(`\\b${issue.key}\\b`).test(each)) ?? word;
        wrongs.push(...(await judgeKnown(system, issue)));
        if (count > 1) wrongs.push('doubled');
        if (DONE.test(line) && count === 0) wrongs.push('told as done and not there');
        if (denies(line) && count > 0) wrongs.push('told as not done and there');
        if (word === '' && (seen !== undefined || count > 0)) wrongs.push('without an answer');
      }
      return wrongs;
    },
  };
}
