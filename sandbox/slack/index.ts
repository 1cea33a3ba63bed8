import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Who, whoAndWhere } from './act.ts';
import { type Clock, createClock } from './clock.ts';
import { command } from './command.ts';
import {
  type Ack,
  createEvents,
  createOvertaking,
  type DeliveryType,
  type Events,
  type Transport,
} from './delivery.ts';
import { type AskedOptions, dynamicOptions } from './dynamic-options.ts';
import { createExecutions, type Execution, type Executions, type StepOptions } from './executions.ts';
import { answerUpload, createFiles } from './files.ts';
import { openHome } from './home.ts';
import { createHttpDelivery, type HttpDelivery } from './http.ts';
import { type KeptSlack, keepSlack, restoreChannels } from './kept.ts';
import { befall, type Fate, uninstall } from './life.ts';
import { createLog, type Entry, type Json } from './log.ts';
import type { Manifest, WorkflowDeclaration } from './manifest.ts';
import { type Marks, mark } from './marks.ts';
import { createMessages, type Message } from './messages.ts';
import type { Option } from './picks.ts';
import { type PressOptions, press, suggest } from './press.ts';
import type { Refusal } from './refusal.ts';
import { createResponseUrls } from './response-url.ts';
import { createSights, type Seen, type Sights } from './seen.ts';
import { shortcut } from './shortcut.ts';
import { createSocketMode, type SocketMode } from './socket-mode.ts';
import { close, submit } from './submit.ts';
import { createTriggers } from './trigger.ts';
import { createTrouble, type Trouble } from './trouble.ts';
import { createViews, type View } from './views.ts';
import { answerCall, readBody } from './web-api.ts';
import { runWorkflow, type WorkflowRun } from './workflow.ts';
import { createWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';
import type { World } from './world.ts';
import { type Arrival, arrive, write } from './write.ts';

export { createClock } from './clock.ts';
export { sign } from './http.ts';
export type { FunctionDeclaration, Parameter, Parameters, WorkflowDeclaration } from './manifest.ts';
export { builtIns } from './membership.ts';
export { InvalidInput, Refusal } from './refusal.ts';
export type { Trouble } from './trouble.ts';
export type { Channel, Team, User } from './workspace.ts';
export type {
  Ack,
  Clock,
  Entry,
  Execution,
  Json,
  KeptSlack,
  Manifest,
  Marks,
  Message,
  Seen,
  StepOptions,
  View,
  Who,
  WorkflowRun,
  Workspace,
};

export interface SlackOptions extends WorkspaceOptions {
  manifest: Manifest;
  /** How the app is reached: Socket Mode unless told. For `http`, call `deliverOverHttp` once the app listens. */
  transport?: 'socket' | 'http';
  /** Left out, any free port. Always on 127.0.0.1. */
  port?: number;
  clock?: Clock;
  /** What an earlier run kept. */
  kept?: KeptSlack | undefined;
}

/** A Slack of one's own. Every act of a person throws a Refusal where Slack would refuse it or show an error. */
export interface Slack {
  /** For SLACK_API_URL: `http://127.0.0.1:PORT/api/`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  workspace: Workspace;
  clock: Clock;
  /** Everything that went over the wire, in order. */
  log: Entry[];
  /** What Slack refused of the app's, wherever it came; an app in order leaves it empty. */
  refusals: Refusal[];
  trouble: Trouble;
  /** The app's calls of the Web API, of one method or all. */
  calls(method?: string): Entry[];
  /** Calls back for whatever is shown to anybody; answers the function that ends it. */
  watch: Sights['watch'];
  /** Settles when so many sockets are connected, 1 unless told; rejects after half a minute. */
  connected(n?: number): Promise<void>;
  connections(): number;
  /** Delivers over signed HTTP from now on, in turn to each URL, after the url_verification handshake. */
  deliverOverHttp(...urls: string[]): Promise<void>;
  /** Any delivery at all, checked by nobody, the way the app is reached. */
  deliver(type: DeliveryType, payload: Json): Promise<Ack>;
  /** An HTTP request to the app, signed as well or badly as told. */
  raw: HttpDelivery['raw'];
  /** Any message at all to every Socket Mode client. */
  frame: SocketMode['frame'];
  /** A person writes a message. */
  post(text: string, options?: Who & { thread_ts?: string }): Message;
  /** A person opens the app's Home tab; settles when the app has acknowledged that. */
  openHome(user: string): Promise<void>;
  /** Something happens to a channel, and the app is told. */
  befall(channel: string, fate: Fate): Promise<void>;
  /** The app is uninstalled, or with `bot: []` only a person's token revoked. */
  uninstall(tokens?: { bot?: string[]; oauth?: string[] }): Promise<void>;
  /** What the app has published in this person's Home tab. */
  home(user: string): View | undefined;
  /** Another app posts a message, with the fields as Slack delivers them. */
  arrive(message: Arrival, channel: string): Message;
  /** A person types a slash command with its text: `/maro track A-1`, or one of Slack's own, `/invite @ben` or `/leave`. */
  command(line: string, options?: Who & { thread_ts?: string }): Promise<Seen>;
  /** A person picks a shortcut: of a message when one is given, else a global one. */
  shortcut(callback_id: string, message?: Message, options?: Who): Promise<Seen>;
  /** A person presses a button or chooses from a menu, found by its action_id, its label or an option's label. */
  press(target: Message | View, what: string, options?: PressOptions): Promise<Seen>;
  /** A person types into an external select: the options the app offers. */
  suggest(target: Message | View, action_id: string, value: string, user?: string): Promise<Option[]>;
  /** A person fills in the top view, by block_id, action_id or label, and submits it. */
  submit(view: View, values?: Record<string, unknown>): Promise<Seen>;
  /** A person closes the top view, or with `all` the whole stack. */
  close(view: View, options?: { all?: boolean }): Promise<void>;
  /** One run of a step of Workflow Builder; throws a Refusal for a function or inputs that do not fit the manifest. */
  step: Executions['step'];
  /** Somebody who edits a step in Workflow Builder opens a menu, or gets to its fields: what the app offers. */
  options(asked: AskedOptions, who?: Who): Promise<Option[]>;
  /** The same event again, by default as the first retry. */
  redeliver: Executions['redeliver'];
  /** Makes Slack's waiting retries of events now. */
  retryNow: Events['retryNow'];
  /** Pins a message to its channel, or takes the pin away. */
  pin(message: Message, on: boolean, options?: Who): void;
  /** Runs a workflow: a definition, or the callback_id of a coded one in the manifest. */
  workflow(
    what: WorkflowDeclaration | string,
    inputs: Json,
    options?: StepOptions,
    begun?: (run: WorkflowRun) => void,
  ): Promise<WorkflowRun>;
  /** All messages there are, whoever sees them, oldest first. */
  everything(): Message[];
  /** Notes that a person has read a channel up to a message. */
  mark(user: string, channel: string, ts: string): void;
  /** The newest message that a person has read in each channel. */
  marks: Readonly<Marks>;
  /** What the next run begins with. */
  keep(): KeptSlack;
  /** What a user sees in a channel, oldest first. */
  messages(channel: string, user: string): Message[];
  /** The views open in front of a user, the top one last. */
  views(user: string): View[];
  stop(): Promise<void>;
}

/** Starts a Slack on 127.0.0.1: Web API, Socket Mode, signed HTTP deliveries, response_urls, and people to act. */
export async function startSlack(options: SlackOptions): Promise<Slack> {
  const { manifest, transport: kind = 'socket', clock = createClock() } = options;
  const botToken = 'xoxb-stand-in-bot';
  const appToken = 'xapp-stand-in-app';
  const signingSecret = 'stand-in-signing-secret';

  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const log = createLog(clock);
  const workspace = createWorkspace(options);
  restoreChannels(workspace, options.kept?.channels ?? []);
  const marks: Marks = options.kept?.marks ?? {};
  const sights = createSights(clock);
  const messages = createMessages(clock, workspace, sights, options.kept?.messages);
  const views = createViews(workspace, sights);
  const socketMode = createSocketMode(server, origin, manifest.settings?.socket_mode_enabled ?? false, log, clock);
  const http = createHttpDelivery(signingSecret, log, clock);
  let transport: Transport = kind === 'socket' ? socketMode : http;
  const either = createOvertaking(() => transport, clock);
  const events = createEvents(either, clock);
  const trouble = createTrouble(
    socketMode,
    events,
    either.holdBack,
    () => world.responseUrls.expire(),
    clock,
    (type, on) => (on ? messages.unsupported.add(type) : messages.unsupported.delete(type)),
  );
  const world: World = {
    manifest,
    workspace,
    clock,
    log,
    sights,
    messages,
    files: createFiles(origin),
    views,
    triggers: createTriggers(clock),
    responseUrls: createResponseUrls(origin, clock, log, messages, sights),
    executions: createExecutions(manifest, workspace, clock, events),
    transport: either,
    events,
    connectionUrl: socketMode.url,
  };

  server.on('request', async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const [, area, name = ''] = /^\/(api|response|upload)\/([\w.]+)$/.exec(pathname) ?? [];
    if (area === 'api') return answerCall(world, { botToken, appToken }, trouble.strike, name, request, response);
    if (area === 'upload') return answerUpload(world, trouble.strike, name, request, response);
    const { status, body } = area
      ? world.responseUrls.answer(name, await readBody(request))
      : { status: 404, body: { ok: false, error: 'not_found' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  return {
    apiUrl: `${origin}/api/`,
    botToken,
    appToken,
    signingSecret,
    workspace,
    clock,
    log: log.entries,
    refusals: log.refusals,
    trouble,
    calls: log.calls,
    watch: sights.watch,
    connected: socketMode.connected,
    connections: socketMode.connections,
    async deliverOverHttp(...urls) {
      await http.toUrls(urls);
      transport = http;
    },
    deliver: (type, payload) => transport.deliver({ type, payload }),
    raw: http.raw,
    frame: socketMode.frame,
    post: (text, who) => write(world, text, who),
    arrive: (message, channel) => arrive(world, message, channel),
    pin: (message, on, who = {}) => messages.pin(message, on ? whoAndWhere(world, who).user.id : undefined),
    openHome: (user) => openHome(world, user),
    befall: (channel, fate) => befall(world, channel, fate),
    uninstall: (tokens) => uninstall(world, tokens),
    home: (user) => views.home(workspace.user(user)),
    command: (line, who) => command(world, line, who),
    shortcut: (callback_id, message, who) => shortcut(world, callback_id, message, who),
    press: (target, what, how) => press(world, target, what, how),
    suggest: (target, action_id, value, user) => suggest(world, target, action_id, value, user),
    submit: (view, values) => submit(world, view, values),
    close: (view, how) => close(world, view, how),
    step: world.executions.step,
    options: (asked, who) => dynamicOptions(world, asked, who),
    redeliver: world.executions.redeliver,
    retryNow: events.retryNow,
    workflow: (what, inputs, how, begun) => runWorkflow(world, what, inputs, how, begun),
    everything: messages.all,
    mark: (user, channel, ts) => mark(marks, workspace.user(user).id, workspace.channel(channel).id, ts),
    marks,
    keep: () => keepSlack(workspace, messages, marks),
    messages: (channel, user) => messages.visible(workspace.channel(channel).id, workspace.user(user).id),
    views: (user) => views.stack(workspace.user(user)),
    async stop() {
      clock.stop();
      await socketMode.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
