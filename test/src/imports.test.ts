import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = new URL('../../', import.meta.url).pathname;

type Import = { from: string; to: string; typesOnly: boolean; names: string };

/** The import statements in a program, with paths from the root of the project; packages by their names. */
function importsOf(from: string, program: string): Import[] {
  const imports: Import[] = [];
  const add = (target: string | undefined, names: string, typesOnly: boolean) => {
    if (target === undefined) return;
    const to = target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), target)) : target;
    imports.push({ from, to, names, typesOnly });
  };
  for (const [, type, names = '', target] of program.matchAll(
    /^(?:import|export)\s+(type\s)?([\w\s*{},$]+?)\s+from\s+['"]([^'"]+)['"]/gm,
  )) {
    const inBraces = /^\{([\s\S]*)\}$/.exec(names)?.[1]?.split(',') ?? [];
    const each = inBraces.map((name) => name.trim()).filter((name) => name !== '');
    add(target, names, type !== undefined || (each.length > 0 && each.every((name) => name.startsWith('type '))));
  }
  for (const [, target] of program.matchAll(/^import\s+['"]([^'"]+)['"]/gm)) add(target, '', false);
  for (const [, target] of program.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) add(target, '*', false);
  return imports;
}

/** Who may import what: `types` are fine as types only. A file is subject to every rule that it fits. */
const RULES: { who: RegExp; may: RegExp; types?: RegExp }[] = [
  { who: /^functions\/index\.ts$/, may: /^functions\// },
  {
    who: /^functions\/(?!index)/,
    may: /^(@slack\/deno-slack-sdk|node:crypto|src\/(mend|posting)\.ts|src\/(key|issue)\.ts|src\/issues\/(answer|creation|visible)\.ts|src\/jira\/(issue-type|description)\.ts|src\/slack\/text\.ts|src\/messages\/ticket\.ts)$/,
    types: /^src\/(function|services|jira\/\w+|tracker\/\w+)\.ts$/,
  },
  { who: /^workflows\//, may: /^(@slack\/deno-slack-sdk$|functions\/|workflows\/)/ },
  {
    who: /^src\/tracker\//,
    may: /^src\/(tracker\/|database\/(pool|statement|migrate)\.ts$)/,
    types: /^src\/issue\.ts$/,
  },
  { who: /^src\/ledger\//, may: /^src\/(ledger\/|database\/(pool|statement|trouble)\.ts$|log\.ts$)|^node:/ },
  {
    who: /^src\/database\//,
    may: /^(src\/database\/|node:|p-limit$|postgres$|graphile-worker$)/,
    types: /^src\/database-url\.ts$/,
  },
  { who: /^src\/jira\//, may: /^(src\/jira\/|src\/(key|issue)\.ts$|node:|jira\.js\/(cloud|core)$|zod$)/ },
  // Statements go through the pool, which repeats them and keeps their deadlines.
  { who: /^(?!src\/database\/connection\.ts$)/, may: /^(?!postgres$)/, types: /^postgres$/ },
  { who: /./, may: /^(?!(pg|sql-template-tag)$)/ },
  { who: /^(?!src\/(database\/migrate\.ts$|jobs\/))/, may: /^(?!graphile-worker$)/ },
  { who: /^(?!src\/jira\/api\.ts$)/, may: /^(?!jira\.js)/, types: /^jira\.js\/core$/ },
  { who: /^(?!src\/(app|maro)\.ts$|src\/listeners\/)/, may: /^(?!@slack\/bolt$)/ },
  { who: /^(?!src\/main\.ts$)/, may: /^(?!src\/(main|maro|config)\.ts$)/, types: /^src\/(maro|config)\.ts$/ },
  { who: /^(?!src\/maro\.ts$)/, may: /^(?!src\/app\.ts$)/, types: /^src\/app\.ts$/ },
  { who: /./, may: /^(?!test\/)/ },
];

function broken({ from, to, typesOnly }: Import): boolean {
  return RULES.some(({ who, may, types }) => who.test(from) && !may.test(to) && !(typesOnly && types?.test(to)));
}

describe('who imports whom', () => {
  const files = globSync('{functions,workflows,src}/**/*.{ts,js}', { cwd: ROOT }).map((file) =>
    file.replaceAll('\\', '/'),
  );
  const imports = files.flatMap((file) => importsOf(file, readFileSync(ROOT + file, 'utf8')));

  test('is read from every statement', () => {
    assert.ok(files.length > 30 && imports.length > 80, `${imports.length} in ${files.length} files`);
    const program = `
import a, { b } from 'x';
import type { c } from '../jira/key.ts';
import { type d, type e } from './near.ts';
import {
  type f,
  g,
} from '@slack/bolt';
import * as h from "y";
import 'z';
export { i } from './far.ts';
export type { j } from './types.ts';
const { k } = await import('jira.js');
// from 'nowhere'`;
    assert.deepEqual(
      importsOf('src/slack/x.ts', program).map(({ to, typesOnly }) => `${to}${typesOnly ? ' (types)' : ''}`),
      [
        ...['x', 'src/jira/key.ts (types)', 'src/slack/near.ts (types)', '@slack/bolt', 'y', 'src/slack/far.ts'],
        ...['src/slack/types.ts (types)', 'z', 'jira.js'],
      ],
    );
  });

  test('is as the design has it', () => {
    assert.deepEqual(
      imports.filter(broken).map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });

  test('would be found out', () => {
    const wrong: [from: string, to: string, typesOnly?: 'types'][] = [
      ['functions/track.ts', 'functions/list.ts'],
      ['functions/track.ts', '@slack/bolt', 'types'],
      ['functions/track.ts', 'postgres', 'types'],
      ['functions/track.ts', 'src/tracker/index.ts'],
      ['functions/track.ts', 'src/jira/client.ts'],
      ['functions/track.ts', 'src/function.ts'],
      ['functions/track.ts', 'src/slack/client.ts', 'types'],
      ['workflows/x.ts', 'src/services.ts', 'types'],
      ['src/tracker/track.ts', 'src/issue.ts'],
      ['src/tracker/track.ts', 'src/jira/client.ts', 'types'],
      ['src/tracker/track.ts', 'postgres'],
      ['src/tracker/track.ts', 'src/database/connection.ts'],
      ['src/database/pool.ts', 'postgres'],
      ['src/database/migrate.ts', 'pg'],
      ['src/database/pool.ts', 'src/tracker/index.ts'],
      ['src/ledger/runs.ts', 'src/tracker/index.ts'],
      ['src/tracker/list.ts', 'src/ledger/index.ts'],
      ['src/tracker/track.ts', 'src/log.ts', 'types'],
      ['src/jira/client.ts', 'src/log.ts', 'types'],
      ['src/jira/transport.ts', 'jira.js'],
      ['src/jira/create.ts', 'jira.js/cloud'],
      ['src/listeners/steps.ts', 'jira.js', 'types'],
      ['src/listeners/steps.ts', 'postgres'],
      ['src/listeners/steps.ts', 'src/app.ts'],
      ['src/listeners/steps.ts', 'src/maro.ts'],
      ['src/main.ts', 'src/app.ts'],
      ['src/maro.ts', 'src/main.ts'],
      ['src/maro.ts', 'src/config.ts'],
      ['src/main.ts', '@slack/bolt'],
      ['src/function.ts', '@slack/bolt'],
      ['src/issues/answer.ts', 'src/config.ts'],
      ['src/main.ts', 'test/maro.ts', 'types'],
    ];
    for (const [from, to, types] of wrong) {
      assert.ok(broken({ from, to, typesOnly: types !== undefined, names: '' }), `${from} ${to}`);
    }
    assert.ok(!broken({ from: 'src/tracker/track.ts', to: 'src/issue.ts', typesOnly: true, names: '' }));
  });

  test("leaves Slack's Web API to one file, where its limits and deadlines are", () => {
    const users = imports.filter(
      ({ to, names, typesOnly }) => to === '@slack/web-api' && /\bWebClient\b/.test(names) && !typesOnly,
    );
    assert.deepEqual(
      users.map(({ from }) => from),
      ['src/slack/client.ts'],
    );
  });

  test('needs in production nothing that is only installed for development', () => {
    const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { dependencies: object };
    const packages = imports
      .filter(({ to, typesOnly }) => !typesOnly && !/^(src|functions|workflows)\//.test(to))
      .map(({ from, to }) => ({ from, to: /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to }));
    for (const { from, to } of packages) {
      const known = Object.hasOwn(dependencies, to) || builtinModules.includes(to.replace(/^node:/, ''));
      assert.ok(known, `${from} imports ${to}, which is no dependency`);
    }
    const unused = Object.keys(dependencies).filter((name) => !packages.some(({ to }) => to === name));
    assert.deepEqual(unused, [], 'what only development needs is among the devDependencies');
  });
});
