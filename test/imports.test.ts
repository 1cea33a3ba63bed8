import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { cruise, type IConfiguration } from 'dependency-cruiser';

const ROOT = new URL('../', import.meta.url).pathname;
const { default: config } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as { default: IConfiguration };

/** The names of the rules that a project breaks in which one file imports another, or a package. */
async function brokenBy(from: string, to: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'maro-imports-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    const isFile = to.endsWith('.ts');
    const near = relative(dirname(from), to);
    const target = isFile ? (near.startsWith('.') ? near : `./${near}`) : to;
    for (const [file, program] of [
      ...(isFile ? [[to, 'export const it = 1;'] as const] : []),
      [from, `import * as it from '${target}';\nconsole.log(it);`] as const,
    ]) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), program);
    }
    const { output } = await cruise([from], { ...config.options, baseDir: folder, ruleSet: config, validate: true });
    return typeof output === 'string' ? [] : output.summary.violations.map(({ rule }) => rule.name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('who imports whom', () => {
  const wrong: [from: string, to: string][] = [
    ['src/app.ts', 'test/maro.ts'],
    ['src/app.ts', 'src/stray.ts'],
    ['src/listeners/steps.ts', 'src/app.ts'],
    ['src/forms/link.ts', 'src/listeners/steps.ts'],
    ['src/runner/run.ts', 'src/forms/link.ts'],
    ['functions/track.ts', 'src/runner/run.ts'],
    ['functions/track.ts', 'functions/list.ts'],
    ['functions/track.ts', 'workflows/index.ts'],
    ['functions/track.ts', '@slack/bolt'],
    ['functions/track.ts', 'postgres'],
    ['src/messages/list.ts', 'functions/track.ts'],
    ['src/issues/refresh.ts', 'src/messages/list.ts'],
    ['src/function.ts', 'src/issues/refresh.ts'],
    ['src/tracker/track.ts', 'src/function.ts'],
    ['src/tracker/track.ts', 'src/jira/client.ts'],
    ['src/ledger/runs.ts', 'src/tracker/index.ts'],
    ['src/slack/client.ts', 'src/messages/views.ts'],
    ['src/database/pool.ts', 'src/tracker/index.ts'],
    ['src/database/migrate.ts', 'pg'],
    ['src/log.ts', 'src/database/pool.ts'],
    ['src/jira/transport.ts', 'jira.js/cloud'],
    ['src/main.ts', '@slack/bolt'],
    ['src/messages/list.ts', '@slack/web-api'],
    ['src/messages/list.ts', 'fast-check'],
    ['sandbox/main.ts', 'src/config.ts'],
  ];
  for (const [from, to] of wrong) {
    test(`${from} may not import ${to}`, async () => {
      assert.notDeepEqual(await brokenBy(from, to), []);
    });
  }

  test('a file imports its own room and those below', async () => {
    for (const [from, to] of [
      ['src/listeners/steps.ts', 'src/forms/link.ts'],
      ['functions/track.ts', 'src/issues/answer.ts'],
      ['src/tracker/track.ts', 'src/tracker/list.ts'],
      ['src/tracker/track.ts', 'src/issue.ts'],
      ['sandbox/main.ts', 'src/manifest.ts'],
    ] as const) {
      assert.deepEqual(await brokenBy(from, to), [], `${from} ${to}`);
    }
  });
});
