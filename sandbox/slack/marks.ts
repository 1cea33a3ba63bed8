/** The newest message that a person has read in each channel, by user and channel: docs.slack.dev/reference/methods/conversations.mark */
export type Marks = Record<string, Record<string, string>>;

/** Notes that a person has read a channel up to a message; what was read stays read. */
export function mark(marks: Marks, user: string, channel: string, ts: string): void {
  const read = marks[user]?.[channel] ?? '';
  if (ts > read) marks[user] = { ...marks[user], [channel]: ts };
}
