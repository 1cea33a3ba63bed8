import { unescaped } from '../unescaped.ts';

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

/** What a text says about a message. A timestamp alone names no channel, and a link into Slack's web client no workspace. */
export type MessageReference = { ts: string; channel?: string; threadTs?: string; workspaceUrl?: string };

const TS = /^\d{1,12}\.\d{6}$/;
const TS_IN_FRONT = /^\d{1,12}\.\d{6}/;
const CHANNEL = /^[A-Z][A-Z0-9]+$/;
const LINK = /https?:\/\/[^\s<>|]+/gi;
const BARE_HOST = /^(?:[\w-]+\.)+slack(?:-gov)?\.com\//i;

/**
 * Finds the message that a text names: a permalink, also in Slack's format `<https://…|words>`, among other words, or
 * without `https://`; an address of Slack's web client; a timestamp; or a `message_context` as JSON.
 * https://docs.slack.dev/reference/methods/chat.getPermalink/ and https://docs.slack.dev/reference/types/message_context-type/
 */
export function parseMessage(text: string): MessageReference | undefined {
  const typed = text.trim();
  if (TS.test(typed)) return { ts: typed };
  if (typed.startsWith('{')) return contextIn(typed);
  const [whole] = BARE_HOST.test(typed) ? typed.split(/\s/, 1) : [];
  if (whole !== undefined) return messageAt(`https://${whole}`);
  for (const [link] of typed.matchAll(LINK)) {
    const message = messageAt(link);
    if (message !== undefined) return message;
  }
  return undefined;
}

/**
 * The permalink of the message that a text names. A reference without a channel or a workspace gets those of `place`.
 * If the text names no message, the result is the text itself, or the link in it when it is one in Slack's format.
 */
export function messageLinkOf(text: string, place: { workspaceUrl: string; channel: string | undefined }): string {
  const { ts, channel = place.channel, threadTs, workspaceUrl = place.workspaceUrl } = parseMessage(text) ?? {};
  if (ts !== undefined && channel !== undefined && workspaceUrl !== '') {
    return permalink(workspaceUrl, channel, ts, threadTs);
  }
  const typed = text.trim();
  return unescaped(/^<(https?:[^|<>]+)(?:\|[^<>]*)?>$/.exec(typed)?.[1] ?? typed);
}

function contextIn(json: string): MessageReference | undefined {
  try {
    const { message_ts: ts, channel_id: channel } = JSON.parse(json) as Record<string, unknown>;
    if (typeof ts !== 'string' || !TS.test(ts)) return undefined;
    return typeof channel === 'string' && CHANNEL.test(channel) ? { ts, channel } : { ts };
  } catch {
    return undefined;
  }
}

function messageAt(link: string): MessageReference | undefined {
  const url = URL.parse(unescaped(link));
  if (url === null || !isSlack(url.hostname)) return undefined;
  const { pathname, hostname, searchParams } = url;
  const inClient = /^\/client\/[A-Z0-9]+\/([A-Z0-9]+)\/(?:thread\/[A-Z0-9]+-|p)?(\d+(?:\.\d+)?)\W*$/.exec(pathname);
  const [, channel = '', digits = ''] =
    inClient ?? /^\/(?:archives|messages)\/([A-Z0-9]+)\/p(\d+)\W*$/.exec(pathname) ?? [];
  const ts = digits.includes('.') ? digits : `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  if (!CHANNEL.test(channel) || !TS.test(ts)) return undefined;
  const [threadTs] = TS_IN_FRONT.exec(searchParams.get('thread_ts') ?? '') ?? [];
  // Slack's web client serves every workspace, so its address does not say which one has the message.
  const isClient = ['app', 'slack', 'slack-gov'].includes(hostname.split('.', 1)[0] ?? '');
  return {
    ts,
    channel,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(isClient ? {} : { workspaceUrl: `https://${hostname}/` }),
  };
}

function isSlack(host: string): boolean {
  return ['slack.com', 'slack-gov.com'].some((domain) => host === domain || host.endsWith(`.${domain}`));
}
