import { slackDate } from '../../slack/date.ts';
import { withEmoji } from '../../slack/emoji.ts';
import { parseMrkdwn, type Span } from '../../slack/mrkdwn.ts';
import { now, useStore } from './store.ts';

/** Text in Slack's markup. */
export function Mrkdwn({ text }: { text: string }) {
  return <Spans spans={parseMrkdwn(text)} />;
}

function Spans({ spans }: { spans: readonly Span[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have no other name, and never move
  return spans.map((span, index) => <Piece span={span} key={index} />);
}

function Piece({ span }: { span: Span }) {
  switch (span.kind) {
    case 'text':
      return withEmoji(span.text);
    case 'code':
      return <code>{span.text}</code>;
    case 'block':
      return <pre>{span.text}</pre>;
    case 'bold':
      return (
        <strong>
          <Spans spans={span.spans} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Spans spans={span.spans} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Spans spans={span.spans} />
        </s>
      );
    case 'user':
      return <User id={span.id} />;
    case 'channel':
      return <ChannelName id={span.id} />;
    case 'broadcast':
      return <span className="mention many">{span.text}</span>;
    case 'link':
      return <Link url={span.url}>{span.text}</Link>;
    case 'date':
      return <SlackDate timestamp={span.timestamp} format={span.format} fallback={span.fallback} />;
  }
}

export function User({ id }: { id: string }) {
  const workspace = useStore((state) => state.workspace);
  const name = id === workspace?.app.user ? workspace.app.name : workspace?.users.find((user) => user.id === id)?.name;
  return <span className="mention">@{name ?? id}</span>;
}

export function ChannelName({ id }: { id: string }) {
  const name = useStore((state) => state.workspace?.channels.find((channel) => channel.id === id)?.name);
  return <span className="mention">#{name ?? id}</span>;
}

/** Leads out of the sandbox, and only when somebody follows it. */
export function Link({ url, children }: { url: string; children: React.ReactNode }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

export function SlackDate({ timestamp, format, fallback }: { timestamp: number; format: string; fallback: string }) {
  useStore((state) => state.switches?.aheadMs);
  return <time>{slackDate(timestamp, format, fallback, now())}</time>;
}
