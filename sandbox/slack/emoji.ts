import hexcodes from 'emojibase-data/en/shortcodes/iamcal.json' with { type: 'json' };

/** Makes a picture of a character that is also a text. */
const VARIATION = '\uFE0F';

/** Slack's names for emoji are those of iamcal's emoji-data: docs.slack.dev/messaging/formatting-message-text/#emoji */
const characters = new Map(
  Object.entries(hexcodes).flatMap(([hexcode, names]) => [names].flat().map((name) => [name, characterOf(hexcode)])),
);
const SHORTCODE = /:([a-z0-9_+'-]+):(?::(skin-tone-[2-6]):)?/g;

/** `text` with every shortcode that Slack draws, such as `:tada:` or `:wave::skin-tone-3:`, as its emoji. Others stay as they are. */
export function withEmoji(text: string): string {
  return text.replace(SHORTCODE, (shortcode, name, tone) => emojiNamed(name, tone) ?? shortcode);
}

/** An emoji by Slack's name for it, in a skin tone if one is given; undefined for what only one workspace has. */
export function emojiNamed(name: string, tone?: string): string | undefined {
  const character = characters.get(name);
  const modifier = tone === undefined ? undefined : characters.get(tone);
  if (character === undefined || modifier === undefined) return character;
  const [first = '', ...rest] = character;
  return [first, modifier, ...(rest[0] === VARIATION ? rest.slice(1) : rest)].join('');
}

/** An emoji element of rich text, or its shortcode where it has no character. Slack numbers skin tones from 2, as in `:skin-tone-2:`. */
export function emojiOf({ name, skin_tone }: { name: string; skin_tone?: number }): string {
  return emojiNamed(name, skin_tone === undefined ? undefined : `skin-tone-${skin_tone}`) ?? `:${name}:`;
}

/** The data have few of the variation selectors that belong there. */
function characterOf(hexcode: string): string {
  return hexcode
    .split('-')
    .filter((code) => code !== 'FE0F')
    .map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .map((each) => (/^\p{Emoji}$/u.test(each) && !/\p{Emoji_Presentation}/u.test(each) ? each + VARIATION : each))
    .join('');
}
