import type { Seen } from '../../sandbox/slack/index.ts';
import { words } from '../maro.ts';
import { type Deed, denies, FRESH, isTracked, outcomeOf } from './deed.ts';
import { writtenKey } from './spellings.ts';
import type { System } from './system.ts';

export function trackMentioned(
  system: System,
  { key, spelling }: { key: string; spelling: number },
): Omit<Deed, 'name'> {
  const message = system.slack.post(writtenKey(spelling, key, system.jira.url), { channel: FRESH, user: 'ben' });
  let seen: Seen | undefined;
  const asked = system.slack.shortcut('track_mentioned', message, { user: 'ben' }).then((value) => {
    seen = value;
  });
  // The same person may have other views, which Slack's wire does not tell apart.
  const mine = () => (seen?.views ?? []).map(({ blocks }) => words(blocks)).filter((text) => text.includes(key));
  const said = () => mine().at(-1) ?? '';
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      const word = said();
      const isThere = await isTracked(system, FRESH, key);
      if (/now tracked|tracked already/.test(word)) return isThere ? [] : ['told as done and not there'];
      return denies(word) && isThere ? ['told as not done and there'] : [];
    },
  };
}
