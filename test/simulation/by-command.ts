import type { Seen } from '../../sandbox/slack/index.ts';
import { words } from '../maro.ts';
import { type Deed, denies, FRESH, isTracked, outcomeOf, posted, TRACKED, toldDirectly } from './deed.ts';
import { typedKey } from './spellings.ts';
import type { System } from './system.ts';

function byCommand(
  system: System,
  { line, channel, key, done, isThere }: { line: string; channel: string; key: string; done: RegExp; isThere: boolean },
): Omit<Deed, 'name'> {
  let seen: Seen | undefined;
  const asked = system.slack.command(line, { channel }).then((value) => {
    seen = value;
  });
  const said = () => [...(seen?.messages ?? []), ...toldDirectly(system, key)].map(words).at(-1) ?? '';
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      if (seen === undefined) return [];
      const word = said();
      const asTold = (await isTracked(system, channel, key)) === isThere;
      if (done.test(word)) return asTold ? [] : ['told as done and not there'];
      if (/in a moment/.test(word)) return ['without an answer'];
      return denies(word) && asTold ? ['told as not done and there'] : [];
    },
  };
}

export function trackByCommand(system: System, { key, spelling }: { key: string; spelling: number }) {
  const done = /now tracked|tracked already/;
  return byCommand(system, {
    line: `/maro track ${typedKey(spelling, key, system.jira.url)}`,
    channel: FRESH,
    key,
    done,
    isThere: true,
  });
}

export function untrackByCommand(system: System, { key, spelling }: { key: string; spelling: number }) {
  const done = /no longer tracked/;
  return byCommand(system, {
    line: `/maro untrack ${typedKey(spelling, key, system.jira.url)}`,
    channel: TRACKED,
    key,
    done,
    isThere: false,
  });
}

export function linkByCommand(
  system: System,
  { key, spelling }: { key: string; spelling: number },
): Omit<Deed, 'name'> {
  let seen: Seen | undefined;
  const asked = system.slack
    .command(`/maro link ${typedKey(spelling, key, system.jira.url)}`, { channel: FRESH })
    .then((value) => {
      seen = value;
    });
  const said = () => words(seen?.messages.at(-1));
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      const cards = posted(system, FRESH, `${key} `).length;
      const word = said();
      if (cards > 1) return ['doubled'];
      return / is linked to this channel\.$/.test(word.trim()) && cards === 0 ? ['told as done and not there'] : [];
    },
  };
}
