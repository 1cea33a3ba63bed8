/** The URL of a channel, for something that comes from the channel and not from one of its messages. */
export function channelLink(workspaceUrl: string, channel: string): string {
  return `${workspaceUrl}archives/${channel}`;
}

/**
 * The URL of a message, built without a call: `chat.getPermalink` works only for
 * channels that the app is in. `workspaceUrl` is like `https://acme.slack.com/`.
 */
export function permalink(workspaceUrl: string, channel: string, ts: string, threadTs?: string): string {
  const thread = threadTs === undefined ? '' : `?thread_ts=${threadTs}&cid=${channel}`;
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}${thread}`;
}
