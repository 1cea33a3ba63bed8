import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname } from 'node:path';
import { parse, type Token, tokTypes } from 'acorn';

/** The build of recheck that is JavaScript alone, so that it needs neither Java nor a program for each platform. */
const require = createRequire(import.meta.url);
const { checkSync } = require('recheck/lib/browser.js') as typeof import('recheck');

const ROOT = new URL('../', import.meta.url).pathname;
/** What was proved on this machine before, since the proofs take longer than all other checks together. */
const PROVED_FILE = `${ROOT}node_modules/.cache/maro/patterns.json`;
/** Of one pattern. Those that are there take a second at most. */
const TIMEOUT_MS = 30_000;

/** A regular expression that cannot be shown to take time in proportion to the text, with what shows it. */
export type Slow = { line: number; pattern: string; why: string };

/**
 * The regular expressions of a TypeScript program that are slow on some text; those made at run time, which nobody can tell.
 * Those in `proved` are not looked at, and those that take linear time are added to it.
 */
export function slowPatterns(program: string, proved = new Set<string>()): Slow[] {
  const slow: Slow[] = [];
  // Types become spaces, so that every line stays where it is.
  const code = stripTypeScriptTypes(program);
  const onToken = (token: Token & { value?: unknown }) => {
    const line = token.loc?.start.line ?? 0;
    if (token.type === tokTypes.regexp) {
      const { pattern, flags } = token.value as { pattern: string; flags: string };
      const literal = `/${pattern}/${flags}`;
      const why = proved.has(literal) ? undefined : whySlow(pattern, flags);
      if (why === undefined) proved.add(literal);
      else slow.push({ line, pattern: literal, why });
    } else if (token.type === tokTypes.name && token.value === 'RegExp') {
      slow.push({
        line,
        pattern: 'RegExp',
        why: 'is built at run time, where nothing checks it: write it as a literal',
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
  return `could not be checked (${checked.error.kind}): write it without lookaround, backreferences, and large counts`;
}

/** The patterns that this version of recheck has proved. */
function readProved(): { proved: Set<string>; keep(): void } {
  const { version } = require('recheck/package.json') as { version: string };
  let before: { version?: string; proved?: string[] } = {};
  try {
    before = JSON.parse(readFileSync(PROVED_FILE, 'utf8'));
  } catch {
    // None yet, or none that can be read.
  }
  const proved = new Set(before.version === version ? before.proved : []);
  return {
    proved,
    keep() {
      mkdirSync(dirname(PROVED_FILE), { recursive: true });
      writeFileSync(PROVED_FILE, JSON.stringify({ version, proved: [...proved] }));
    },
  };
}

function main(): void {
  const { proved, keep } = readProved();
  const files = globSync('{src,functions,workflows}/**/*.{ts,js}', { cwd: ROOT }).sort();
  const lines = files.flatMap((file) =>
    slowPatterns(readFileSync(ROOT + file, 'utf8'), proved).map(
      ({ line, pattern, why }) => `${file.replaceAll('\\', '/')}:${line} ${pattern} ${why}`,
    ),
  );
  keep();
  if (lines.length === 0) return;
  console.error(
    `${lines.join('\n')}\nA regular expression must take time in proportion to the text: see CONTRIBUTING.md.`,
  );
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) main();
