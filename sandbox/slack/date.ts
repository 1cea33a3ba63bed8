/**
 * A moment as Slack shows it in the reader's own time zone. `format` has Slack's tokens; with one that is not known here the
 * result is `fallback`, as in old clients of Slack. `now` is in milliseconds.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function slackDate(timestamp: number, format: string, fallback: string, now: number): string {
  const at = new Date(timestamp * 1000);
  let known = true;
  const shown = format.replace(/\{(\w+)\}/g, (token, name: string) => {
    const draw = TOKENS[name.replace(/_pretty$/, '')];
    known &&= draw !== undefined;
    const day = name.endsWith('_pretty') ? nearDay(at, new Date(now)) : undefined;
    return day ?? draw?.(at, now) ?? token;
  });
  return known ? shown : fallback;
}

const inWords = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en', options);
  // A narrow no-break space before AM is one more character that terminals draw in different ways.
  return (at: Date) => format.format(at).replace('\u202f', ' ');
};

const TOKENS: Record<string, (at: Date, now: number) => string> = {
  date_num: (at) => [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join('-'),
  date: inWords({ month: 'long', day: 'numeric', year: 'numeric' }),
  date_short: inWords({ month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: inWords({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  time: inWords({ hour: 'numeric', minute: '2-digit' }),
  time_secs: inWords({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
  ago: (at, now) => ago(now - at.getTime()),
};

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function nearDay(at: Date, now: Date): string | undefined {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  return { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
}

function ago(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), 'hour');
  return relative.format(-Math.round(minutes / (24 * 60)), 'day');
}
