import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { emojiOf } from '../../slack/emoji.ts';
import { ChannelName, Link, SlackDate, User } from './mrkdwn.tsx';

/** The parts of a rich_text block. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function RichText({ parts }: { parts: readonly RichTextBlockElement[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other name, and never move
  return parts.map((part, index) => <Part part={part} key={index} />);
}

function Part({ part }: { part: RichTextBlockElement }) {
  if (part.type === 'rich_text_list') {
    const List = part.style === 'ordered' ? 'ol' : 'ul';
    return (
      <List className="rich-list" style={{ marginInlineStart: `${(part.indent ?? 0) * 1.5}em` }}>
        {part.elements.map(({ elements }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <li key={index}>
            <Elements elements={elements} />
          </li>
        ))}
      </List>
    );
  }
  const words = <Elements elements={part.elements} />;
  if (part.type === 'rich_text_quote') return <blockquote>{words}</blockquote>;
  if (part.type === 'rich_text_preformatted') return <pre>{words}</pre>;
  return <p className="rich-section">{words}</p>;
}

function Elements({ elements }: { elements: readonly RichTextElement[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: as above
  return elements.map((element, index) => <Styled element={element} key={index} />);
}

function Styled({ element }: { element: RichTextElement }) {
  const { bold, italic, strike, code } = (element.style ?? {}) as Record<string, boolean>;
  let drawn: React.ReactNode = <Element element={element} />;
  if (code) drawn = <code>{drawn}</code>;
  if (bold) drawn = <strong>{drawn}</strong>;
  if (italic) drawn = <em>{drawn}</em>;
  if (strike) drawn = <s>{drawn}</s>;
  return drawn;
}

function Element({ element }: { element: RichTextElement }) {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return <Link url={element.url}>{element.text ?? element.url}</Link>;
    case 'user':
      return <User id={element.user_id} />;
    case 'channel':
      return <ChannelName id={element.channel_id} />;
    case 'broadcast':
      return <span className="mention many">@{element.range}</span>;
    case 'usergroup':
      return <span className="mention">@{element.usergroup_id}</span>;
    case 'emoji':
      return emojiOf(element);
    case 'date':
      return <SlackDate timestamp={element.timestamp} format={element.format} fallback={element.fallback ?? ''} />;
    default:
      return <code>{JSON.stringify(element)}</code>;
  }
}
