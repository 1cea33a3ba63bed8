import type { View } from '../../sandbox/slack/index.ts';
import { until, words } from '../maro.ts';
import { type Deed, denies, FRESH, made, outcomeOf, posted, toldDirectly, type Wrong } from './deed.ts';
import { wordsOf } from './spellings.ts';
import type { System } from './system.ts';

/** Sends the form, and sends it once more when it is still there: whatever it says, that creates nothing twice. */
export function createInForm(
  system: System,
  { name, spelling }: { name: string; spelling: number },
): Omit<Deed, 'name'> {
  const { slack } = system;
  const { meant: summary } = wordsOf(spelling, `Formed by ${name}.`);
  let closed = false;
  let word = '';
  async function fill(): Promise<void> {
    const seen = await slack.command(`/maro create ${summary}`, { channel: FRESH, user: 'cyd' });
    const mine = () => seen.views.at(-1) as View;
    const has = (block: string) => () => mine()?.blocks.some(({ block_id }) => block_id === block) ?? false;
    await until(has('project'), 'the form is there', 4_000);
    const [option] = await slack.suggest(mine(), 'create:project', 'PLAT');
    await slack.press(mine(), 'create:project', { value: option });
    await until(has('type PLAT'), 'the form is drawn', 4_000);
    for (let n = 0; n < 2 && !closed; n++) {
      const sent = await slack.submit(mine(), {});
      closed = !slack.views('cyd').some(({ id }) => id === mine().id);
      word = words(sent.views.at(-1)?.blocks) + Object.values(sent.errors).join(' ');
      if (mine().submit === undefined) break;
    }
    if (!closed) await slack.close(mine(), { all: true });
  }
  return {
    done: outcomeOf(fill()).then((outcome) => {
      // Slack itself shows an error, and the person closes what is left.
      for (const view of slack.views('cyd').toReversed()) void slack.close(view).catch(() => {});
      return outcome;
    }),
    said: () => word,
    async judge() {
      const keys = made(system, summary).map(({ key }) => key);
      const tickets = keys.length;
      // While Jira is away, a ticket is shown and told by its key alone.
      const names = [summary, ...keys];
      const cards = new Set(names.flatMap((name) => posted(system, FRESH, name))).size;
      const told = names.flatMap((name) => toldDirectly(system, name)).map(words);
      const wrongs: Wrong['what'][] = tickets > 1 || cards > 1 ? ['doubled'] : [];
      if (closed && tickets === 0 && told.length === 0) wrongs.push('told as done and not there');
      const last = told.at(-1) ?? word;
      if (tickets > 0 && cards === 0 && denies(last)) wrongs.push('told as not done and there');
      if (tickets > 0 && cards === 0 && told.length === 0) wrongs.push('without an answer');
      return wrongs;
    },
  };
}
