import type { RequestListener, ServerResponse } from 'node:http';
import {
  App,
  type BufferedIncomingMessage,
  defaultBodyLimit,
  HTTPModuleFunctions,
  HTTPReceiver,
  isRawBodyError,
  SocketModeReceiver,
} from '@slack/bolt';
import type { Config } from './config.ts';
import type { Deliveries } from './deliveries.ts';
import { workflowKind } from './forms/submission.ts';
import { LOOK } from './issues/creation.ts';
import type { Kind, Ledger } from './ledger/index.ts';
import { registerActions } from './listeners/actions.ts';
import { COMMAND, commandKind, registerCommands } from './listeners/commands.ts';
import { registerForms } from './listeners/forms.ts';
import { PRESS, pressKind } from './listeners/press.ts';
import { MENTIONED, mentionedKind, registerShortcuts } from './listeners/shortcuts.ts';
import { registerSteps, STEP, stepKind } from './listeners/steps.ts';
import { kindOf, type Log, slackLogger } from './log.ts';
import { mend, NestedTooDeep } from './mend.ts';
import { lateTicketKind } from './runner/late-ticket.ts';
import { WORKFLOW } from './runner/request.ts';
import type { Services } from './services.ts';
import type { Installation, SlackClient } from './slack/client.ts';

export type Receiver = SocketModeReceiver | HTTPReceiver;

/** Where deliveries come in; starts nothing. */
export function createReceiver(config: Config['slack'], log: Log): Receiver {
  const logger = slackLogger(log);
  const { transport } = config;
  if (transport.mode === 'http') {
    const { signingSecret } = transport;
    const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events', logger });
    receiver.requestListener = objectsOnly(receiver.requestListener, signingSecret, log);
    return receiver;
  }
  const unreadable = async (error: unknown) => {
    log.error({ error: kindOf(error) }, 'a delivery that cannot be read');
    return false;
  };
  const receiver = new SocketModeReceiver({
    appToken: transport.appToken,
    logger,
    installerOptions: { clientOptions: { slackApiUrl: config.apiUrl } },
    // Bolt's own would write the error's message, which may quote the delivery.
    processEventErrorHandler: ({ error }) => unreadable(error),
  });
  // The SDK reads an event's type in a promise that nobody waits for, so that an envelope without an event would end the process.
  const { client } = receiver;
  const [read] = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (...message) => Promise.resolve(read?.(...message)).catch(unreadable));
  return receiver;
}

/**
 * Answers a signed request with 400 when its body is no object, before Bolt gets it: Bolt reads a field of whatever it parsed,
 * in a promise that nobody waits for, so that `null` would end the process. A body that is too large or breaks off is refused
 * here, too, where it is read; all else is Bolt's to refuse.
 */
function objectsOnly(listener: RequestListener, signingSecret: string, log: Log): RequestListener {
  const { bufferIncomingMessage, buildNoBodyResponse, parseAndVerifyHTTPRequest } = HTTPModuleFunctions;
  const refuse = (response: ServerResponse, status: number, error: string) => {
    log.warn({ error }, 'a delivery that cannot be read');
    buildNoBodyResponse(response, status);
  };
  return async (request, response) => {
    let buffered: BufferedIncomingMessage;
    try {
      buffered = await bufferIncomingMessage(request, defaultBodyLimit);
    } catch (error) {
      return refuse(response, isRawBodyError(error) ? error.statusCode : 400, kindOf(error));
    }
    if (mayBeObject(buffered)) return listener(buffered, response);
    try {
      await parseAndVerifyHTTPRequest({ signingSecret }, buffered);
    } catch {
      return listener(buffered, response);
    }
    refuse(response, 400, 'no object');
  };
}

/** False when the body is JSON, and no object. */
function mayBeObject(request: BufferedIncomingMessage): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body === 'object' && body !== null;
  } catch {
    return true;
  }
}

/**
 * Maro as a Bolt app: one listener for each kind of delivery, since Bolt asks every
 * listener about every delivery. Starts nothing.
 */
export function createApp(
  config: Config['slack'],
  receiver: Receiver,
  { tenant, botId, botUserId }: Installation,
  {
    slack,
    services,
    ledger,
    deliveries,
  }: {
    slack: SlackClient;
    services: Services;
    ledger: Ledger;
    deliveries: Deliveries;
  },
): App {
  const app = new App({
    receiver,
    ...(receiver instanceof SocketModeReceiver ? { socketMode: true } : {}),
    token: config.botToken,
    botId,
    botUserId,
    // The token that comes with a step dies when the step completes.
    attachFunctionToken: false,
    convoStore: false,
    logger: slackLogger(services.log),
    clientOptions: { slackApiUrl: config.apiUrl },
  });
  app.error(async (error) => {
    services.log.error({ error: kindOf(error.original ?? error) }, 'a delivery could not be handled');
  });
  // The one place where people's text comes in from Slack, whatever they do: listeners get parts of the same body.
  app.use(async ({ body, next, ...more }) => {
    try {
      mend(body);
    } catch (error) {
      if (!(error instanceof NestedTooDeep)) throw error;
      services.log.warn({ error: kindOf(error) }, 'a delivery that cannot be read');
      // Slack would only send the same again.
      return void (await (more as { ack?: () => Promise<unknown> }).ack?.());
    }
    await next();
  });
  const handle = app.processEvent.bind(app);
  app.processEvent = (event) => deliveries.take(event, handle);
  const deps = { tenant, slack, services, ledger };
  registerCommands(app, { ...deps, deliveries });
  registerShortcuts(app, deps);
  registerActions(app, { ...deps, deliveries });
  registerSteps(app, { ...deps, deliveries });
  registerForms(app, deps);
  return app;
}

/** What was promised to people, by kind: how the ledger carries it out, and how it tells the outcome. */
export function kindsOfRuns(deps: {
  tenant: string;
  slack: SlackClient;
  services: Services;
  ledger: Ledger;
}): Readonly<Record<string, Kind>> {
  return {
    [STEP]: stepKind(deps),
    [WORKFLOW]: workflowKind(deps),
    [COMMAND]: commandKind(deps),
    [MENTIONED]: mentionedKind(deps),
    [PRESS]: pressKind(deps),
    [LOOK]: lateTicketKind(deps),
  };
}
