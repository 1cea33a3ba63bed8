import {
  anything,
  boolean,
  type Check,
  type Fields,
  integer,
  list,
  Misfit,
  object,
  oneOf,
  string,
  typed,
} from './shape.ts';

const page = () => 'reference/block-kit/blocks/rich-text-block';
const style = object(
  {},
  { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean, highlight: boolean },
);
const element = (required: Fields, optional: Fields = {}) =>
  object({ type: anything, ...required }, { ...optional, style });

const words: Record<string, Check> = {
  text: element({ text: string(undefined, 1) }),
  link: element({ url: string(undefined, 1) }, { text: string(), unsafe: boolean }),
  user: element({ user_id: string(undefined, 1) }),
  usergroup: element({ usergroup_id: string(undefined, 1) }),
  team: element({ team_id: string(undefined, 1) }),
  channel: element({ channel_id: string(undefined, 1) }),
  emoji: element({ name: string(undefined, 1) }, { unicode: string(), url: string(), skin_tone: integer(1, 6) }),
  date: element(
    { timestamp: integer(0, 2 ** 40), format: string(undefined, 1) },
    { url: string(), fallback: string() },
  ),
  broadcast: element({ range: oneOf('here', 'channel', 'everyone') }),
  color: element({ value: string(undefined, 1) }),
};

const border = { border: oneOf(0, 1) };
const section = object({ type: anything, elements: list(typed(words, page)) });

const parts: Record<string, Check> = {
  rich_text_section: section,
  rich_text_list: object(
    { type: anything, style: oneOf('bullet', 'ordered'), elements: list(typed({ rich_text_section: section }, page)) },
    { indent: integer(0, 8), offset: integer(0, 2 ** 31), ...border },
  ),
  rich_text_preformatted: object(
    { type: anything, elements: list(typed(words, page, ['text', 'link'])) },
    { ...border, language: string() },
  ),
  rich_text_quote: object({ type: anything, elements: list(typed(words, page)) }, border),
};

/** The `elements` of a rich_text block. */
export const richTextElements: Check = list(typed(parts, page));

/** Undocumented; what the client's composer holds at most. */
const MOST_PIECES = 6_000;
/** Properties of elements and styles that Slack's clients add and that its documentation does not name. */
const CLIENT_MADE = ['unicode', 'skin_tone', 'highlight', 'client_highlight', 'unlink', 'display_url'];

/** The initial value of a rich_text_input: elements and styles as they are documented, and not more of them than it holds. */
export const initialRichText: Check = (value, at) => {
  object({ type: oneOf('rich_text'), elements: richTextElements })(value, at);
  const inline = inlineOf(value);
  if (inline.length > MOST_PIECES) throw new Misfit(at, `no more than ${MOST_PIECES} elements allowed`, page());
  for (const { style = {}, ...element } of inline) {
    const stray = Object.keys({ ...element, ...(style as object) }).find((name) => CLIENT_MADE.includes(name));
    if (stray) throw new Misfit(at, `invalid additional property: ${stray}`, page());
  }
};

/**
 * Whether a rich text has a mention. A rich_text_input that was filled with one and not changed cannot be sent: the client
 * sends `userId` for `user_id` and likewise, which Slack refuses. https://github.com/slackapi/bolt-js/issues/2138
 */
export function hasMention(value: unknown): boolean {
  return inlineOf(value).some(({ type }) => ['user', 'channel', 'usergroup', 'team'].includes(String(type)));
}

type Piece = Record<string, unknown>;

function inlineOf(value: unknown): Piece[] {
  const { elements } = (value ?? {}) as { elements?: Piece[] };
  if (!Array.isArray(elements)) return [value as Piece];
  return elements.flatMap(inlineOf);
}
