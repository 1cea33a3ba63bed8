import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { declarations, supplierDeclarations } from '../functions/index.ts';
import { workflows } from '../workflows/index.ts';
import { defined } from './defined.ts';

const MANIFEST = new URL('../manifest.json', import.meta.url);
const EVENTS_PATH = '/slack/events';
/** The event by which Slack asks for a step. An app without functions may not subscribe to it. */
const STEP_EVENT = 'function_executed';

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
  /** Adds menus and fields to the steps that create and update issues, which Workflow Builder fills by asking Maro. */
  dynamic?: boolean;
  /** Leaves out the steps, which a workspace on a free plan cannot have. */
  noFunctions?: boolean;
};

/** The manifest with the current function definitions. `source_file` is left out, because Slack's schema rejects it. */
export function withFunctions(manifest: Manifest): Manifest {
  return { ...manifest, functions: Object.fromEntries(declarations.map((fn) => [fn.id, definitionOf(fn, {})])) };
}

type DynamicOptions = { function: string; inputs: Record<string, { value: string }>; selection_type?: 'key-value' };

const QUERY = { value: '{{client.query}}' };
const PROJECT = { value: '{{input_parameters.project}}' };
const ISSUE_TYPE = { value: '{{input_parameters.issue_type}}' };
const PROJECTS: DynamicOptions = { function: '#/functions/project_options', inputs: { query: QUERY } };
const ISSUE_KEY = { value: '{{input_parameters.issue_key}}' };
const fieldsBy = (supplier: string, inputs: DynamicOptions['inputs']): DynamicOptions => ({
  ...{ function: `#/functions/${supplier}`, inputs },
  selection_type: 'key-value',
});
const fieldsFor = (inputs: DynamicOptions['inputs']) => fieldsBy('field_options', inputs);

/**
 * The inputs of functions that Workflow Builder fills with dynamic options.
 * https://docs.slack.dev/tools/bolt-js/concepts/custom-steps-dynamic-options/
 */
const DYNAMIC: Readonly<Record<string, Readonly<Record<string, DynamicOptions>>>> = {
  create_ticket: {
    project: PROJECTS,
    issue_type: { function: '#/functions/type_options', inputs: { project: PROJECT, query: QUERY } },
    required_fields: fieldsFor({ project: PROJECT, issue_type: ISSUE_TYPE }),
  },
  create_stories: {
    project: PROJECTS,
    epic_key: { function: '#/functions/epic_options', inputs: { project: PROJECT, query: QUERY } },
    required_fields: fieldsFor({ project: PROJECT }),
  },
  update_issue: { fields_to_set: fieldsBy('edit_field_options', { issue_key: ISSUE_KEY }) },
};

/**
 * A function's definition with these dynamic options. An input that is an object is left
 * out without them, because Workflow Builder has no other control for objects.
 */
function definitionOf(
  fn: (typeof declarations | typeof supplierDeclarations)[number],
  dynamic: Record<string, DynamicOptions>,
) {
  const { source_file, ...definition } = fn.export();
  const { properties = {}, required = [] } = definition.input_parameters ?? {};
  const kept = Object.entries(properties).flatMap(([name, parameter]) => {
    const dynamic_options = dynamic[name];
    if (dynamic_options !== undefined) return [[name, { ...parameter, dynamic_options }]];
    return parameter.type === 'object' ? [] : [[name, parameter]];
  });
  return { ...definition, input_parameters: { properties: Object.fromEntries(kept), required } };
}

/** The manifest for another kind of workspace or transport. */
export function variantOf(
  manifest: Manifest,
  { workflows: withWorkflows, url, dynamic, noFunctions }: Variant,
): Manifest {
  const variant = structuredClone(manifest);
  if (dynamic) {
    const all = [...declarations, ...supplierDeclarations].map((fn) => [fn.id, definitionOf(fn, DYNAMIC[fn.id] ?? {})]);
    variant.functions = Object.fromEntries(all);
  }
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
    const events = variant.settings.event_subscriptions;
    if (events) events.bot_events = events.bot_events.filter((event) => event !== STEP_EVENT);
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
        dynamic: { type: 'boolean' },
        'no-functions': { type: 'boolean' },
        url: { type: 'string' },
      },
    });
    if (values.url !== undefined && URL.parse(values.url)?.protocol !== 'https:') {
      throw new Error('--url needs an address that begins with https://, because Slack sends to no other');
    }
    if (values.workflows && values['no-functions']) {
      throw new Error('--workflows cannot go with --no-functions, because workflows are made of functions');
    }
    if (values.dynamic && values['no-functions']) {
      throw new Error('--dynamic cannot go with --no-functions, because functions supply the options');
    }
    return values;
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n');
    const flags = '--check, --workflows, --dynamic, --no-functions and --url https://…';
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
    console.error('manifest.json does not match functions/. Update it with "npm run manifest".');
    process.exit(1);
  }
  const variant = {
    ...(values.workflows ? { workflows: true } : {}),
    ...(values.dynamic ? { dynamic: true } : {}),
    ...(values['no-functions'] ? { noFunctions: true } : {}),
    ...defined({ url }),
  };
  if (Object.keys(variant).length === 0) await writeFile(MANIFEST, `${JSON.stringify(current, null, 2)}\n`);
  else console.log(JSON.stringify(variantOf(current, variant), null, 2));
}

if (process.argv[1] === import.meta.filename) await main();
