import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { declarations } from '../functions/index.ts';
import { workflows } from '../workflows/index.ts';
import { defined } from './defined.ts';

const MANIFEST = new URL('../manifest.json', import.meta.url);
const EVENTS_PATH = '/slack/events';

export type Manifest = {
  features: { slash_commands: { command: string; url?: string }[] };
  settings: {
    socket_mode_enabled: boolean;
    event_subscriptions?: { bot_events: string[]; request_url?: string };
    interactivity: { is_enabled: boolean; request_url?: string; message_menu_options_url?: string };
    function_runtime?: string;
  };
  functions?: Record<string, unknown>;
  workflows?: Record<string, unknown>;
};

export type Variant = {
  /** Adds the coded workflows. Slack's schema accepts them, but Slack's staff say that they are not supported for Bolt apps. */
  workflows?: boolean;
  /** Uses signed requests to this address instead of Socket Mode. */
  url?: string;
  /** Leaves out the steps, which a workspace on a free plan cannot have. */
  noFunctions?: boolean;
};

/** The manifest with the current function definitions. `source_file` is left out, because Slack's schema rejects it. */
export function withFunctions(manifest: Manifest): Manifest {
  const functions = declarations.map((fn) => {
    const { source_file, ...definition } = fn.export();
    return [fn.id, definition];
  });
  return { ...manifest, functions: Object.fromEntries(functions) };
}

/** The manifest for another kind of workspace or transport. */
export function variantOf(manifest: Manifest, { workflows: withWorkflows, url, noFunctions }: Variant): Manifest {
  const variant = structuredClone(manifest);
  if (withWorkflows) variant.workflows = Object.fromEntries(workflows.map((w) => [w.id, w.export()]));
  if (url !== undefined) {
    const request_url = new URL(EVENTS_PATH, url).href;
    variant.settings.socket_mode_enabled = false;
    variant.settings.interactivity.request_url = request_url;
    // Searchable menus fetch their options from this address. In Socket Mode they need none.
    variant.settings.interactivity.message_menu_options_url = request_url;
    if (variant.settings.event_subscriptions) variant.settings.event_subscriptions.request_url = request_url;
    for (const command of variant.features.slash_commands) command.url = request_url;
  }
  if (noFunctions) {
    delete variant.functions;
    delete variant.settings.function_runtime;
    delete variant.settings.event_subscriptions;
  }
  return variant;
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(MANIFEST, 'utf8'));
}

/** The command's flags. An invalid flag ends the process with a message before anything is written. */
function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        check: { type: 'boolean' },
        workflows: { type: 'boolean' },
        'no-functions': { type: 'boolean' },
        url: { type: 'string' },
      },
    });
    if (values.url !== undefined && URL.parse(values.url)?.protocol !== 'https:') {
      throw new Error('--url needs an address that begins with https://, since Slack sends to no other');
    }
    if (values.workflows && values['no-functions']) {
      throw new Error('--workflows goes without --no-functions, since workflows are made of functions');
    }
    return values;
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    const flags = '--check, --workflows, --no-functions and --url https://…';
    console.error(`${problem.replace(/\.$/, '')}. Nothing was written. The flags are ${flags}.`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const values = readArguments();
  const committed = await readManifest();
  const current = withFunctions(committed);
  const { check, url } = values;
  if (check) {
    if (JSON.stringify(committed) === JSON.stringify(current)) return;
    console.error('manifest.json does not say what functions/ defines. Write it anew with "npm run manifest".');
    process.exit(1);
  }
  const variant = {
    ...(values.workflows ? { workflows: true } : {}),
    ...(values['no-functions'] ? { noFunctions: true } : {}),
    ...defined({ url }),
  };
  if (Object.keys(variant).length === 0) await writeFile(MANIFEST, `${JSON.stringify(current, null, 2)}\n`);
  else console.log(JSON.stringify(variantOf(current, variant), null, 2));
}

if (process.argv[1] === import.meta.filename) await main();
