/** A channel's address, for what comes from a channel and from no message in it. */
export function channelLink(workspaceUrl: string, channel: string): string {
  return `${workspaceUrl}archives/${channel}`;
}

/**
 * A message's address, which needs no call: `chat.getPermalink` knows no channel that the app was not invited to.
 * `workspaceUrl` is `https://acme.slack.com/`.
 */
export function permalink(workspaceUrl: string, channel: string, ts: string, threadTs?: string): string {
  const thread = threadTs === undefined ? '' : `?thread_ts=${threadTs}&cid=${channel}`;
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}${thread}`;
}
