import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../src/listeners/answer-command.ts';
import { readManifest } from '../src/manifest.ts';

type Parameters = { properties: Record<string, { title: string }>; required?: string[] };
type Declared = { title: string; input_parameters: Parameters; output_parameters: Parameters };

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('docs/*.md', { cwd: ROOT }),
  'sandbox/README.md',
];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const manifest = (await readManifest()) as unknown as {
  features: { shortcuts: { name: string; type: string }[] };
  functions: Record<string, Declared>;
};

/** The cells of a table's rows, without its head: of the table whose head begins with `head`. */
function rowsOf(page: string, head: string): string[][] {
  const from = page.indexOf(`\n| ${head}`);
  assert.notEqual(from, -1, `a table that begins with "${head}"`);
  const table = page.slice(from + 1).split('\n\n')[0] ?? '';
  const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);
  return table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) => cells(line).map((cell) => cell.trim()));
}

/** What stands between backticks. */
function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);
}

/** The ids that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title as string);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

for (const file of PAGES) {
  const page = read(file);

  test(`${file} links to files and headings that exist`, () => {
    for (const [, target = ''] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (target.startsWith('https://')) continue;
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      assert.ok(existsSync(join(ROOT, linked)), target);
      if (anchor !== undefined) assert.ok(anchorsOf(read(linked)).includes(anchor), target);
    }
  });

  test(`${file} names files and folders that exist`, () => {
    const folder = file === 'docs/architecture.md' ? ['', 'src'] : ['', dirname(file)];
    const paths = codeIn(page).filter((code) => /^[\w./-]+\/[\w./-]*$/.test(code) && !code.startsWith('/'));
    const known = paths.filter((path) => !path.startsWith('@') && !path.startsWith('.'));
    for (const path of known)
      assert.ok(
        folder.some((from) => existsSync(join(ROOT, from, path))),
        path,
      );
  });

  test(`${file} names npm scripts that exist, with options that they have`, () => {
    for (const [, name = '', given = ''] of page.matchAll(/npm run (?:--silent )?([\w:]+)((?: -- --[\w-]+)?)/g)) {
      const command = scripts[name];
      assert.ok(command, `npm run ${name}`);
      const option = given.slice(' -- --'.length);
      const program = /[\w/]+\.ts/.exec(command)?.[0];
      if (option !== '')
        assert.match(read(program as string), new RegExp(`\\b${option}\\b`), `npm run ${name}${given}`);
    }
  });
}

test('CONTRIBUTING.md lists every npm script', () => {
  const listed = rowsOf(read('CONTRIBUTING.md'), 'command ').flatMap(([commands = '']) => codeIn(commands));
  const names = listed.map((command) => command.replace(/^npm (run )?/, '').split(' ')[0]);
  assert.deepEqual(names.sort(), Object.keys(scripts).sort());
});

test('docs/operate.md lists the variables that Maro reads, and .env.sample has no others', () => {
  const names = /(?:value|required)\(\s*'([A-Z_]+)'/g;
  const variables = [...new Set([...read('src/config.ts').matchAll(names)].map(([, name]) => name as string))].sort();
  const listed = rowsOf(read('docs/operate.md'), 'variable ').flatMap(([name = '']) => codeIn(name));
  assert.deepEqual(listed.sort(), variables);
  const sampled = [...read('.env.sample').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name as string);
  assert.deepEqual(
    sampled.filter((name) => !variables.includes(name)),
    [],
  );
});

test('docs/operate.md lists log lines that Maro writes', () => {
  const source = globSync('src/**/*.ts', { cwd: ROOT }).map(read).join('');
  const lines = rowsOf(read('docs/operate.md'), 'message ').flatMap(([message = '']) => codeIn(message));
  assert.ok(lines.length > 10);
  for (const line of lines) assert.match(source, new RegExp(`['"]${line.replace('…', '')}`), line);
});

test('SECURITY.md lists the tables of the database', () => {
  const tables = new Set<string>();
  for (const file of globSync('src/database/migrations/*.sql', { cwd: ROOT }).sort()) {
    for (const [, what, name = '', renamed] of read(file).matchAll(
      /^(create table|drop table|alter table) (\w+)(?: rename to (\w+);)?/gm,
    )) {
      if (what === 'create table') tables.add(name);
      if (what === 'drop table' || renamed !== undefined) tables.delete(name);
      if (renamed !== undefined) tables.add(renamed);
    }
  }
  const listed = [...read('SECURITY.md').matchAll(/table `(\w+)`/g)].map(([, name]) => name as string);
  assert.deepEqual([...new Set(listed)].sort(), [...tables].sort());
});

test('README.md names commands and menus as people see them', () => {
  const rows = rowsOf(read('README.md'), 'in a channel ').map(([what = '']) => what);
  const typed = rows.flatMap((row) => /^`\/maro (\w+)/.exec(row)?.[1] ?? []).filter((word) => word !== 'PLAT');
  assert.deepEqual(
    typed.filter((word) => !COMMANDS.includes(word)),
    [],
  );
  const named = rows.filter((row) => row.includes(' menu, '));
  const declared = manifest.features.shortcuts.map(({ name, type }) => `${type} menu, **${name}**`);
  assert.deepEqual(named.sort(), declared.sort());
});

test('docs/workflow-builder.md lists the steps with their inputs and outputs', () => {
  const titles = ({ properties, required = [] }: Parameters) =>
    Object.entries(properties)
      .filter(([name]) => name !== 'continue_on_error')
      .map(([name, { title }]) => `${title}${required.includes(name) ? '*' : ''}`.toLowerCase());
  const declared = Object.entries(manifest.functions).map(([id, { title, input_parameters, output_parameters }]) => [
    `${title} (\`${id}\`)`,
    titles(input_parameters),
    titles(output_parameters).map((output) => output.replace('*', '')),
  ]);
  const list = (cell = '') =>
    cell
      .toLowerCase()
      .replaceAll('\\', '')
      .split(/, | or /);
  const listed = rowsOf(read('docs/workflow-builder.md'), 'step ').map(([step, inputs, outputs]) => [
    step,
    list(inputs).map((input) => (input === 'formatted stories*' ? 'formatted stories' : input)),
    list(outputs),
  ]);
  assert.deepEqual(listed, declared);
});
