import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a process prints that runs `script` as `npm start` runs Maro, in the root folder. */
async function printed(script: string): Promise<string> {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const args = ['--import', './src/engine.js', '--input-type=module', '--eval', script];
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd });
  return stdout;
}

test('Maro is ready to take deliveries before it loads jira.js, zod, Graphile Worker, or what Slack’s SDK has for Deno', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      load(url, context, next) {
        loaded.add(url.match(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/)?.[1]);
        return next(url, context);
      },
    });
    await import('./src/maro.ts');
    console.log(JSON.stringify([...loaded]));
    process.exit();`;
  const loaded = JSON.parse(await printed(script)) as string[];
  assert.ok(loaded.includes('@slack/bolt') && loaded.includes('@slack/deno-slack-sdk'), `${loaded}`);
  const late = ['@deno/shim-deno', 'graphile-worker', 'jira.js', 'pg', 'zod'];
  assert.deepEqual(
    late.filter((name) => loaded.includes(name)),
    [],
  );
});

test('Node keeps what it compiles for the next start, in the program’s own folder', async () => {
  const script = `import { getCompileCacheDir } from 'node:module'; console.log(getCompileCacheDir());`;
  assert.match(await printed(script), /node_modules\/\.cache\/maro\/compiled\//);
});
