/**
 * One thing that the doctor looked at. `note`: Maro works, but somebody may miss something. `wrong`: something does not work.
 * `says` is for everybody, without names and numbers that only operators may know. `detail` and `advice` are for operators.
 */
export type Finding = { topic: Topic; says: string; detail?: string } & (
  | { state: 'ok' }
  | { state: 'note' | 'wrong'; code: string; advice: string }
);

export type Topic =
  | 'Slack'
  | 'Jira login'
  | 'Jira permissions'
  | 'Jira projects'
  | 'Jira rate limit'
  | 'Webhook'
  | 'Delta'
  | 'Sweep'
  | 'Projects left out'
  | 'Followed queries'
  | 'Queue'
  | 'Database'
  | 'Clocks';

/** A time in words, such as `3 minutes`. */
export function inWords(seconds: number): string {
  const [size, unit] = SIZES.find(([size]) => seconds >= 2 * size) ?? [1, 'second'];
  const count = Math.max(0, Math.round(seconds / size));
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}

const SIZES = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
] as const;
