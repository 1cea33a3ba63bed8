import type { Element as SlackElement } from '../../slack/blocks.ts';
import { withEmoji } from '../../slack/emoji.ts';
import type { Target } from '../protocol.ts';
import { act } from './act.ts';
import type { Text } from './blocks.tsx';
import { Control } from './control.tsx';
import { Menu } from './menu.tsx';
import { initialOf, wireOf } from './pick.ts';
import { get } from './store.ts';

type Props = { element: SlackElement; block: string; target: Target };

/** A button, menu or the like that acts as soon as it is used. */
export function Element({ element, block, target }: Props) {
  const { type, action_id = '' } = element;
  const press = (value?: unknown) => {
    if (isConfirmed(element)) return act('press', { user: get().me, target, action_id, block, value });
  };
  if (type === 'button') return <Button element={element} press={press} />;
  if (type === 'overflow') {
    const options = element.options as { text: Text; value: string; url?: string }[];
    return (
      <Menu label="More for this row" sign="⋯">
        {options.map(({ text, value, url }) => ({
          label: text.text,
          choose: () => press(value),
          ...(url ? { href: url } : {}),
        }))}
      </Menu>
    );
  }
  if (type === 'image') return <span className="picture">picture: {String(element.alt_text)}</span>;
  if (type === 'workflow_button') return <pre className="json">{JSON.stringify(element)}</pre>;
  return (
    <Control
      element={element}
      target={target}
      value={initialOf(element)}
      change={(value) => void press(wireOf(element, value))}
      label={(element.placeholder as Text | undefined)?.text ?? 'Choose'}
    />
  );
}

function Button({ element, press }: { element: SlackElement; press(value?: unknown): unknown }) {
  const { text, url, style, value, accessibility_label } = element as unknown as {
    text: Text;
    accessibility_label?: string;
    url?: string;
    style?: string;
    value?: string;
  };
  const name = `button ${style ?? ''}`;
  if (url === undefined) {
    return (
      <button type="button" className={name} aria-label={accessibility_label} onClick={() => press(value)}>
        {withEmoji(text.text)}
      </button>
    );
  }
  return (
    <a
      className={name}
      aria-label={accessibility_label}
      href={url}
      target="_blank"
      rel="noreferrer"
      onClick={() => press(value)}
    >
      {withEmoji(text.text)} ↗
    </a>
  );
}

/** Slack asks before it acts where the app wants it to. */
function isConfirmed({ confirm: asked }: SlackElement): boolean {
  if (asked === undefined) return true;
  const { title, text } = asked as { title: Text; text: Text };
  return confirm(`${title.text}\n\n${text.text}`);
}
