import { Refusal } from './refusal.ts';

/** One input or output of a function, as manifest v2 declares it. */
export interface Parameter {
  type: string;
  title?: string;
  description?: string;
  hint?: string;
  enum?: string[];
  /** The names of the values of `enum`. */
  choices?: { value: string; title: string }[];
  default?: unknown;
  dynamic_options?: { function: string; inputs: Record<string, { value: string }>; selection_type?: string };
}

export interface Parameters {
  properties: Record<string, Parameter>;
  required: string[];
}

export interface FunctionDeclaration {
  title?: string;
  description?: string;
  input_parameters: Parameters;
  output_parameters: Parameters;
}

export interface WorkflowDeclaration {
  title?: string;
  description?: string;
  input_parameters?: Parameters;
  steps: { id: string; function_id: string; inputs?: Record<string, unknown> }[];
}

/** What the stand-in reads of manifest.json; the whole shape is docs.slack.dev/reference/app-manifest. */
export interface Manifest {
  display_information?: { name: string; description?: string };
  features?: {
    bot_user?: { display_name: string };
    app_home?: { home_tab_enabled?: boolean; messages_tab_enabled?: boolean; messages_tab_read_only_enabled?: boolean };
    slash_commands?: { command: string; description?: string; usage_hint?: string; should_escape?: boolean }[];
    shortcuts?: { name: string; type: string; callback_id: string; description?: string }[];
  };
  oauth_config?: { scopes?: { bot?: string[] } };
  settings?: {
    org_deploy_enabled?: boolean;
    socket_mode_enabled?: boolean;
    function_runtime?: string;
    interactivity?: { is_enabled?: boolean };
    event_subscriptions?: { bot_events?: string[] };
  };
  functions?: Record<string, FunctionDeclaration>;
  workflows?: Record<string, WorkflowDeclaration>;
}

export function hasScope(manifest: Manifest, scope: string): boolean {
  return manifest.oauth_config?.scopes?.bot?.includes(scope) ?? false;
}

/** Throws `missing_scope` unless the manifest asks for this bot scope. */
export function requireScope(manifest: Manifest, scope: string, forWhat: string): void {
  if (hasScope(manifest, scope)) return;
  const why = `${forWhat} needs the bot scope ${scope}, which the manifest does not ask for.`;
  throw new Refusal('missing_scope', why, `reference/scopes/${scope}`);
}

/** Whether Slack sends the app this event: the manifest subscribes to it and asks for its scope. */
export function subscribes({ settings, oauth_config }: Manifest, event: string, scope: string): boolean {
  const isSubscribed = settings?.event_subscriptions?.bot_events?.includes(event) ?? false;
  return isSubscribed && (oauth_config?.scopes?.bot?.includes(scope) ?? false);
}

/** Throws `messages_tab_disabled` unless the manifest gives the app's direct messages their tab. */
export function requireMessagesTab(manifest: Manifest, method: string): void {
  if (manifest.features?.app_home?.messages_tab_enabled) return;
  const why = `${method} to a person needs features.app_home.messages_tab_enabled, which the manifest does not set.`;
  throw new Refusal('messages_tab_disabled', why, `reference/methods/${method}`);
}

/** Without the tab, or with one to read only, Slack shows people no box to type in: “Sending messages to this app has been turned off.” */
export function requireMessageBox({ features }: Manifest): void {
  if (features?.app_home?.messages_tab_enabled && !features.app_home.messages_tab_read_only_enabled) return;
  const why =
    'People can type to the app only with features.app_home.messages_tab_enabled, and without messages_tab_read_only_enabled.';
  throw new Refusal('messages_to_app_turned_off', why, 'surfaces/app-home');
}

/** Shortcuts, buttons and views reach an app only with interactivity switched on. */
export function requireInteractivity(manifest: Manifest): void {
  if (manifest.settings?.interactivity?.is_enabled) return;
  const why = 'The manifest does not set settings.interactivity.is_enabled, so nothing interactive reaches the app.';
  throw new Refusal('interactivity_not_enabled', why, 'interactivity/handling-user-interaction');
}

/** The declared function, or the refusal that Workflow Builder's empty list of steps amounts to. */
export function requireFunction(manifest: Manifest, callback_id: string): FunctionDeclaration {
  const refuse = (why: string) => new Refusal('function_not_found', why, 'workflows/workflow-steps');
  const { settings } = manifest;
  if (settings?.function_runtime !== 'remote' || !settings.org_deploy_enabled) {
    throw refuse('Custom steps need settings.function_runtime "remote" and settings.org_deploy_enabled.');
  }
  if (!settings.event_subscriptions?.bot_events?.includes('function_executed')) {
    throw refuse('The manifest does not subscribe to the bot event function_executed.');
  }
  const declared = manifest.functions;
  if (!declared || !Object.hasOwn(declared, callback_id)) {
    throw refuse(`The manifest declares no function "${callback_id}".`);
  }
  return declared[callback_id] as FunctionDeclaration;
}
