/** ECMA-48, "Select graphic rendition": what begins a style and what ends it. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  strike: [9, 29],
  red: [31, 39],
  green: [32, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** How words are put on a terminal, or on paper where there is none. */
export type Ink = {
  /** Words in a style; on paper the words alone. */
  paint(words: string, ...styles: Style[]): string;
  /** A command or a key to type: coloured, on paper between backticks. */
  code(words: string): string;
  /**
   * Words that lead to `url`. On paper the address stands behind them, unless it is the words themselves or that of the
   * issue that they name.
   */
  link(url: string, words: string): string;
};

/** Ink for a terminal that understands ANSI's escape sequences. */
export function terminalInk(): Ink {
  const paint = (words: string, ...styles: Style[]) =>
    styles.reduce((painted, style) => `\u001b[${CODES[style][0]}m${painted}\u001b[${CODES[style][1]}m`, words);
  return {
    paint,
    code: (words) => paint(words, 'cyan'),
    // OSC 8, which terminals that do not know it pass over. An address can hold no escape: it is percent-encoded.
    link: (url, words) => `\u001b]8;;${addressOf(url)}\u001b\\${paint(words, 'underline')}\u001b]8;;\u001b\\`,
  };
}

/** Ink for files and pipes. `site` is the Jira site whose issues need no address behind their key. */
export function paperInk(site?: string): Ink {
  return {
    paint: (words) => words,
    code: (words) => `\`${words}\``,
    link: (url, words) => (url === words || url === `${site}/browse/${words}` ? words : `${words} <${addressOf(url)}>`),
  };
}

function addressOf(url: string): string {
  return URL.parse(url)?.href ?? encodeURI(url.toWellFormed());
}
