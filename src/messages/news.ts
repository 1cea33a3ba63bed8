import { dateToken } from './blocks.ts';

/** How many changes, such as `3 changes`. */
export function changesIn(total: number): string {
  return total === 1 ? '1 change' : `${total.toLocaleString('en')} changes`;
}

/** Since when, as mrkdwn. `isFirst`: the person has not looked before. */
export function sinceWords(since: Date, isFirst: boolean): string {
  return isFirst ? 'in the last 7 days' : `since ${dateToken(since, '{date_short_pretty} {time}')}`;
}

/** Says on a list how much changed since the person's last visit, such as `3 changes since yesterday 4:10 PM`; mrkdwn. */
export function newsWords(total: number, since: Date): string {
  return `${changesIn(total)} ${sinceWords(since, false)}`;
}
