import type { Changed } from '../issues/bulk.ts';
import type { Now } from '../issues/several.ts';
import type { IssueKey } from '../key.ts';

/** Returns the end of the sentence about a changed issue, such as "is now Done". */
export type NowOf = (key: IssueKey) => Now;

const LIST = new Intl.ListFormat('en');

/** Joins keys, such as `PLAT-1, PLAT-2, and PLAT-3`. */
export function listed(keys: readonly string[]): string {
  return LIST.format(keys);
}

/** Says what became of several issues. Issues with the same outcome share a line. `done` is the participle in "wasn’t moved". */
export function changedLines(changed: readonly Changed[], done: string, now: NowOf): string {
  const lines = Map.groupBy(changed, (each) => sentence(each, '', done, now));
  return [...lines.values()]
    .flatMap((some) => {
      const keys = listed(some.map(({ key }) => key));
      return some[0] === undefined ? [] : sentence(some[0], keys, done, now, some.length > 1);
    })
    .join('\n');
}

function sentence(changed: Changed, keys: string, done: string, now: NowOf, areSeveral = false): string {
  switch (changed.state) {
    case 'done':
      return `${keys} ${now(changed.key)[areSeveral ? 'several' : 'one']}.`;
    case 'undone':
      return `${keys} ${areSeveral ? 'weren’t' : 'wasn’t'} ${done}. ${changed.because}`;
    case 'unknown':
      return `Jira didn’t answer in time, so ${keys} may or may not have been ${done}. Check before you repeat it.`;
  }
}

/** Says it in one short sentence, such as "3 of 5 issues were moved." */
export function changedCount(changed: readonly Changed[], done: string): string {
  const count = changed.filter(({ state }) => state === 'done').length;
  return `${count} of ${changed.length} issues ${count === 1 ? 'was' : 'were'} ${done}.`;
}
