import { globSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { parse, type Token, tokTypes } from 'acorn';

/** The build of recheck that is JavaScript alone, so that it needs neither Java nor a program for each platform. */
const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof import('recheck');

const ROOT = new URL('../', import.meta.url).pathname;
/** Of one pattern. Those that are there take a second at most. */
const TIMEOUT_MS = 30_000;

/** A regular expression that cannot be shown to take time in proportion to the text, with what shows it. */
export type Slow = { line: number; pattern: string; why: string };

/** The regular expressions of a TypeScript program that are slow on some text; those made at run time, which nobody can tell. */
export function slowPatterns(program: string): Slow[] {
  const slow: Slow[] = [];
  // Types become spaces, so that every line stays where it is.
  const code = stripTypeScriptTypes(program);
  const onToken = (token: Token & { value?: unknown }) => {
    const line = token.loc?.start.line ?? 0;
    if (token.type === tokTypes.regexp) {
      const { pattern, flags } = token.value as { pattern: string; flags: string };
      const why = whySlow(pattern, flags);
      if (why !== undefined) slow.push({ line, pattern: `/${pattern}/${flags}`, why });
    } else if (token.type === tokTypes.name && token.value === 'RegExp') {
      slow.push({
        line,
        pattern: 'RegExp',
        why: 'is made at run time, where nothing checks it: write it as a literal',
      });
    }
  };
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, onToken });
  return slow;
}

/** Only a proof counts, by automata: that a search for slow texts found none says little. */
function whySlow(pattern: string, flags: string): string | undefined {
  const checked = checkSync(pattern, flags, { checker: 'automaton', timeout: TIMEOUT_MS });
  if (checked.status === 'safe') return undefined;
  if (checked.status === 'vulnerable')
    return `takes ${checked.complexity.summary} time, as on ${checked.attack.pattern}`;
  return `could not be checked (${checked.error.kind}): write it without lookaround, references and large counts`;
}

function main(): void {
  const files = globSync('{src,functions,workflows}/**/*.{ts,js}', { cwd: ROOT }).sort();
  const lines = files.flatMap((file) =>
    slowPatterns(readFileSync(ROOT + file, 'utf8')).map(
      ({ line, pattern, why }) => `${file.replaceAll('\\', '/')}:${line} ${pattern} ${why}`,
    ),
  );
  if (lines.length === 0) return;
  console.error(`${lines.join('\n')}\nA pattern has to take time in proportion to the text: see CONTRIBUTING.md.`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) main();
