import type { RichTextBlockElement } from '@slack/types';
import type { Block, Element as SlackElement } from '../../slack/blocks.ts';
import { withEmoji } from '../../slack/emoji.ts';
import type { Target } from '../protocol.ts';
import { Element } from './element.tsx';
import { Field } from './field.tsx';
import { Mrkdwn } from './mrkdwn.tsx';
import { RichText } from './rich-text.tsx';
import { Table } from './table.tsx';

/** A text object. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
export type Text = { type: string; text: string };

/** What stands in a message or a view. What cannot be drawn shows its JSON, and is never a blank. */
export function Blocks({ blocks, target }: { blocks: readonly Block[]; target: Target }) {
  return (
    <div className="blocks">
      {blocks.map((block) => (
        <OneBlock block={block} target={target} key={String(block.block_id)} />
      ))}
    </div>
  );
}

function OneBlock({ block, target }: { block: Block; target: Target }) {
  const id = String(block.block_id);
  switch (block.type) {
    case 'section': {
      const { text, fields, accessory } = block as unknown as {
        text?: Text;
        fields?: Text[];
        accessory?: SlackElement;
      };
      return (
        <div className="section">
          <div className="section-text">
            {text ? <Words text={text} /> : null}
            {fields ? (
              <div className="fields">
                {fields.map((field, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: fields have no other name
                  <Words text={field} key={index} />
                ))}
              </div>
            ) : null}
          </div>
          {accessory ? <Element element={accessory} block={id} target={target} /> : null}
        </div>
      );
    }
    case 'header':
      return <h3 className="header">{withEmoji((block.text as Text).text)}</h3>;
    case 'divider':
      return <hr />;
    case 'context':
      return (
        <div className="context">
          {(block.elements as (Text & { alt_text?: string })[]).map((element, index) =>
            element.type === 'image' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: elements of a context have no other name
              <Picture alt={element.alt_text ?? ''} key={index} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Words text={element} key={index} />
            ),
          )}
        </div>
      );
    case 'actions':
      return (
        <div className="actions">
          {(block.elements as SlackElement[]).map((element) => (
            <Element element={element} block={id} target={target} key={element.action_id} />
          ))}
        </div>
      );
    case 'rich_text':
      return (
        <div className="text">
          <RichText parts={block.elements as RichTextBlockElement[]} />
        </div>
      );
    case 'image':
      return <Picture alt={String(block.alt_text)} />;
    case 'table':
    case 'data_table':
      return <Table block={block} />;
    case 'markdown':
      return <pre className="markdown">{String(block.text)}</pre>;
    case 'input':
      return <Field block={block} target={target} />;
    default:
      return <pre className="json">{JSON.stringify(block, null, 2)}</pre>;
  }
}

export function Words({ text }: { text: Text }) {
  return <div className="text">{text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : withEmoji(text.text)}</div>;
}

/** The page asks no other address for anything, so a picture is shown by its words. */
function Picture({ alt }: { alt: string }) {
  return <span className="picture">image: {alt}</span>;
}
