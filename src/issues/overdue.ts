import type { Issue } from '../issue.ts';

/** The day on which an issue was due, such as `2026-11-20`, and whether it is in the present year. */
export type Overdue = { since: string; isThisYear: boolean };

/** Whether an issue is overdue: it is not done, and the day on which it is due is over. `today`: the day that it is now. */
export function overdueOf({ dueDate, category }: Issue, today: string): Overdue | undefined {
  if (dueDate === undefined || dueDate >= today || category === 'done') return undefined;
  return { since: dueDate, isThisYear: yearOf(dueDate) === yearOf(today) };
}

/** The first day from `today` on on which one of the issues is due, which makes it overdue when that day is over. */
export function nextDue(issues: readonly Issue[], today: string): string | undefined {
  return issues
    .flatMap(({ dueDate, category }) => (dueDate === undefined || category === 'done' ? [] : [dueDate]))
    .filter((day) => day >= today)
    .toSorted()[0];
}

function yearOf(day: string): string {
  return day.slice(0, 'yyyy'.length);
}
