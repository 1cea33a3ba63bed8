import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { declarations, functions, ownFunctions, suppliers } from '../../functions/index.ts';
import { requireDynamic } from '../../sandbox/slack/dynamic-options.ts';
import type { Manifest as SlackManifest } from '../../sandbox/slack/manifest.ts';
import { type Manifest, readManifest, variantOf, withFunctions } from '../../src/manifest.ts';
import { workflows } from '../../workflows/index.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const manifest = (await readManifest()) as Manifest & {
  oauth_config: { scopes: { bot: string[]; bot_optional: string[] } };
};

/** Files of one folder, but for the list of them, by what they are called. */
const namesIn = (folder: string) =>
  globSync(`${folder}/*.ts`, { cwd: ROOT })
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'index')
    .sort();
const manifestCommand = (...args: string[]) =>
  spawnSync(process.execPath, ['src/manifest.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
const pascal = (name: string) => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('manifest.json', () => {
  test('says what the functions define, and is found out when it does not', () => {
    assert.deepEqual(withFunctions(manifest), manifest);
    const drifted = structuredClone(manifest) as Manifest & { functions: Record<string, { title: string }> };
    (drifted.functions.track as { title: string }).title = 'Another title';
    drifted.functions.gone = { title: 'No longer defined' };
    assert.deepEqual(withFunctions(drifted), manifest);
    assert.equal(manifestCommand('--check').status, 0);
  });

  test('names no file: Slack refuses that', () => assert.doesNotMatch(JSON.stringify(manifest), /source_file/));

  test('as printed for another transport and plan is what Slack shall get', () => {
    for (const [flag, plan] of [
      ['--workflows', { workflows: true }],
      ['--dynamic', { dynamic: true }],
      ['--no-functions', { noFunctions: true }],
    ] as const) {
      const { stdout } = manifestCommand(flag, '--url', 'https://maro.example');
      assert.deepEqual(JSON.parse(stdout), variantOf(manifest, { ...plan, url: 'https://maro.example' }));
    }
  });

  test('is neither written nor printed when the command is not understood, and the flag is named', () => {
    const committed = readFileSync(`${ROOT}manifest.json`, 'utf8');
    const wrong: [args: string[], sentence: RegExp][] = [
      [['--no-function'], /^Unknown option '--no-function'/],
      [['--url', '--workflows'], /^Option '--url' argument is ambiguous/],
      [['--url', 'maro.example.com'], /^--url needs an address that begins with https:\/\//],
      [['--url', 'http://maro.example.com', '--no-functions'], /^--url needs an address that begins with https:\/\//],
      [['--dynamic', '--no-functions'], /^--dynamic cannot go with --no-functions/],
      [['--workflows', '--no-functions'], /^--workflows cannot go with --no-functions/],
      [['maro.example.com'], /^Unexpected argument 'maro\.example\.com'/],
    ];
    for (const [args, sentence] of wrong) {
      const { status, stdout, stderr } = manifestCommand(...args);
      assert.match(stderr, sentence);
      assert.match(stderr, /Nothing was written/);
      assert.deepEqual([status, stdout, stderr.trimEnd().includes('\n')], [2, '', false], stderr);
    }
    assert.equal(readFileSync(`${ROOT}manifest.json`, 'utf8'), committed);
  });

  test('for HTTP has the one address everywhere, and no Socket Mode', () => {
    const { settings, features, ...rest } = variantOf(manifest, { url: 'https://maro.example/' });
    const url = 'https://maro.example/slack/events';
    assert.equal(settings.socket_mode_enabled, false);
    assert.equal(settings.interactivity.request_url, url);
    assert.equal(settings.interactivity.message_menu_options_url, url);
    assert.equal(settings.event_subscriptions?.request_url, url);
    assert.deepEqual(
      features.slash_commands.map((command) => command.url),
      [url],
    );
    assert.deepEqual(rest.functions, manifest.functions);
    assert.doesNotMatch(JSON.stringify(manifest), /https:/, 'the one in the repository is left as it was');
  });

  test('without functions has nothing that needs a paid plan, and everything else', () => {
    const { functions: none, settings, ...rest } = variantOf(manifest, { noFunctions: true });
    assert.equal(none, undefined);
    const { functions: all, settings: whole, ...same } = manifest;
    const events = whole.event_subscriptions?.bot_events.filter((event) => event !== 'function_executed');
    assert.equal(settings.function_runtime, undefined);
    assert.deepEqual(settings.event_subscriptions?.bot_events, events);
    assert.deepEqual(rest, same);
    assert.ok(all !== undefined && whole.function_runtime === 'remote');
  });

  test('lets Maro write to people, and people type to Maro, in every variant', () => {
    for (const variant of [
      {},
      { url: 'https://maro.example' },
      { noFunctions: true },
      { workflows: true },
      { dynamic: true },
    ]) {
      const { app_home } = variantOf(manifest, variant).features as { app_home?: object };
      // https://docs.slack.dev/surfaces/app-home
      const tabs = { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false };
      assert.deepEqual(app_home, tabs);
    }
  });

  test('with dynamic options has their suppliers, each input that they fill, and everything else as it was', () => {
    const { functions: all = {}, ...rest } = variantOf(manifest, { dynamic: true });
    const { functions: plain = {}, ...same } = manifest;
    assert.deepEqual(rest, same);
    assert.deepEqual(Object.keys(all), [...Object.keys(plain), ...Object.keys(suppliers)]);
    let filled = 0;
    for (const [id, definition] of Object.entries(all as Exclude<SlackManifest['functions'], undefined>)) {
      const { properties } = definition.input_parameters;
      for (const [name, { type, dynamic_options }] of Object.entries(properties)) {
        if (dynamic_options !== undefined) requireDynamic({ ...manifest, functions: all } as SlackManifest, id, name);
        if (dynamic_options !== undefined) filled += 1;
        assert.equal(type === 'object' && dynamic_options === undefined, false, `${id} ${name}`);
      }
    }
    assert.equal(filled, 7);
    assert.doesNotMatch(JSON.stringify(manifest), /dynamic_options|"object"/, 'only on request');
  });

  test('with workflows has each of them', () => {
    const { workflows: declared } = variantOf(manifest, { workflows: true });
    assert.deepEqual(
      Object.keys(declared ?? {}),
      workflows.map(({ id }) => id),
    );
    assert.equal(manifest.workflows, undefined, 'only on request');
  });
});

describe('each function', () => {
  test('has one name: of its file, its callback_id, its one export, its handler and its place in the manifest', async () => {
    const names = namesIn('functions');
    assert.ok(names.length >= 3);
    assert.deepEqual(Object.keys(functions).sort(), names);
    assert.deepEqual(Object.keys(manifest.functions ?? {}).sort(), names);
    assert.deepEqual(declarations.map(({ id }) => id).sort(), names);
    for (const name of names) {
      const exported = (await import(`${ROOT}functions/${name}.ts`)) as Record<string, unknown>;
      const listed = functions[name as keyof typeof functions];
      assert.equal(exported[pascal(name)], listed, name);
      assert.equal(listed.handler.name, camel(name));
      assert.equal(listed.definition, listed.declaration.definition, name);
      assert.equal(listed.definition.callback_id, name);
      const { source_file } = listed.definition as { source_file?: string };
      assert.equal(source_file, `functions/${name}.ts`);
    }
  });

  test('can go on when it fails: it has the input for it, and a boolean and a sentence to say so', () => {
    for (const { id, definition } of declarations) {
      const { input_parameters, output_parameters } = definition;
      const asked = input_parameters?.properties.continue_on_error as { type: string; default: unknown } | undefined;
      assert.deepEqual([asked?.type, asked?.default], ['boolean', false], id);
      const outputs = (output_parameters?.properties ?? {}) as Record<string, { type: string }>;
      const [first] = (output_parameters?.required ?? []) as string[];
      assert.equal(outputs[first as string]?.type, 'boolean', id);
      assert.equal(outputs.error?.type, 'string', id);
    }
  });
});

describe('each function that is not a step', () => {
  test('has one name, and is not in the manifest', async () => {
    const names = namesIn('functions/own');
    assert.deepEqual(Object.keys(ownFunctions).sort(), names);
    for (const name of names) {
      const exported = (await import(`${ROOT}functions/own/${name}.ts`)) as Record<string, unknown>;
      const { declaration, handler } = ownFunctions[name as keyof typeof ownFunctions];
      assert.equal(exported[pascal(name)], ownFunctions[name as keyof typeof ownFunctions], name);
      assert.equal(handler.name, camel(name));
      const { callback_id, source_file } = declaration.definition;
      assert.deepEqual([callback_id, source_file], [name, `functions/own/${name}.ts`]);
      assert.equal(Object.hasOwn(manifest.functions ?? {}, name), false);
    }
  });
});

describe('each supplier of options', () => {
  test('has one name, and puts out options and nothing else', async () => {
    const names = namesIn('functions/options');
    assert.deepEqual(Object.keys(suppliers).sort(), names);
    for (const name of names) {
      const exported = (await import(`${ROOT}functions/options/${name}.ts`)) as Record<string, unknown>;
      const { declaration, handler } = suppliers[name as keyof typeof suppliers];
      assert.equal(exported[pascal(name)], suppliers[name as keyof typeof suppliers], name);
      assert.equal(handler.name, camel(name));
      const { callback_id, source_file, output_parameters } = declaration.definition;
      assert.deepEqual([callback_id, source_file], [name, `functions/options/${name}.ts`]);
      assert.deepEqual(Object.keys(output_parameters?.properties ?? {}), ['options']);
    }
  });
});

describe('each scope', () => {
  /** What needs it: a method that Maro calls, or what the manifest declares. */
  const NEEDED: Record<string, (m: typeof manifest) => boolean> = {
    // https://docs.slack.dev/reference/scopes/commands/
    commands: ({ features }) => features.slash_commands.length > 0,
    // https://docs.slack.dev/reference/events/app_mention
    'app_mentions:read': ({ settings }) => settings.event_subscriptions?.bot_events.includes('app_mention') ?? false,
  };
  /** The scopes of each method; none where a bot's or an app's token is enough. https://docs.slack.dev/reference/methods/ */
  const SCOPES_OF: Record<string, string[]> = {
    'auth.test': [],
    'bookmarks.add': ['bookmarks:write'],
    'bookmarks.edit': ['bookmarks:write'],
    'bookmarks.remove': ['bookmarks:write'],
    'chat.delete': ['chat:write'],
    'chat.postEphemeral': ['chat:write'],
    'chat.postMessage': ['chat:write'],
    'chat.update': ['chat:write'],
    // One for each kind of conversation in which a message or a thread can be.
    'conversations.history': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
    'files.completeUploadExternal': ['files:write'],
    'files.getUploadURLExternal': ['files:write'],
    'functions.completeSuccess': [],
    'functions.completeError': [],
    'pins.add': ['pins:write'],
    // The scopes for direct messages are not needed, since Maro does not list them.
    'conversations.info': ['channels:read', 'groups:read'],
    'reactions.add': ['reactions:write'],
    'reactions.remove': ['reactions:write'],
    'users.conversations': ['channels:read', 'groups:read'],
    // Slack leaves a person's address out without the second one.
    'users.info': ['users:read', 'users:read.email'],
    'views.open': [],
    'views.publish': [],
    'views.update': [],
  };

  test('is asked for because something needs it', () => {
    const { bot } = manifest.oauth_config.scopes;
    const needed = Object.keys(NEEDED).filter((scope) => NEEDED[scope]?.(manifest));
    const called = methods().flatMap((method) => SCOPES_OF[method] ?? []);
    assert.deepEqual([...bot].sort(), [...new Set([...needed, ...called])].sort());
  });

  test('is optional unless Maro is useless without it', () => {
    const { bot, bot_optional } = manifest.oauth_config.scopes;
    assert.deepEqual(
      bot.filter((scope) => !bot_optional.includes(scope)),
      ['chat:write', 'commands'],
    );
  });

  test('stands in the table of docs/connect.md, with its feature, and no other does', () => {
    const page = readFileSync(`${ROOT}docs/connect.md`, 'utf8');
    const table = page.slice(page.indexOf('## What Maro may do in Slack')).split('\n## ')[0] ?? '';
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, scope]) => scope),
    );
    assert.deepEqual(named.sort(), [...manifest.oauth_config.scopes.bot].sort());
  });

  test('is known for every method that Maro calls', () => {
    assert.ok(methods().length >= 3);
    for (const method of methods()) assert.ok(Object.hasOwn(SCOPES_OF, method), `what scope does ${method} need?`);
  });

  function methods(): string[] {
    const files = globSync('src/slack/*.ts', { cwd: ROOT });
    const program = files.map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('');
    return [...new Set([...program.matchAll(/\bclient\.(\w+(?:\.\w+)+)\(/g)].map(([, method]) => method as string))];
  }
});
