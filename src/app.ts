import type { RequestListener, ServerResponse } from 'node:http';
import {
  App,
  type BufferedIncomingMessage,
  defaultBodyLimit,
  HTTPModuleFunctions,
  HTTPReceiver,
  isRawBodyError,
  type ReceiverEvent,
  SocketModeReceiver,
} from '@slack/bolt';
import type { Config } from './config.ts';
import type { Deliveries } from './deliveries.ts';
import { workflowKind } from './forms/submission.ts';
import { TRACKING, trackingKind } from './forms/track.ts';
import { LOOK } from './issues/creation.ts';
import type { Kind } from './ledger/index.ts';
import { registerActions } from './listeners/actions.ts';
import { CHANNEL_LIFE, channelLifeKind, registerChannelLife } from './listeners/channel-life.ts';
import { COMMAND, commandKind, registerCommands } from './listeners/commands.ts';
import { registerForms } from './listeners/forms.ts';
import { readableFrame } from './listeners/frame.ts';
import { isHandled, typesOf } from './listeners/handled.ts';
import { registerHome } from './listeners/home.ts';
import { MESSAGE, messageKind, registerMessages } from './listeners/messages.ts';
import { PRESS, pressKind } from './listeners/press.ts';
import { registerShortcuts } from './listeners/shortcuts.ts';
import { registerSteps, STEP, stepKind } from './listeners/steps.ts';
import { errorName, type Log, slackLogger } from './log.ts';
import { mend, NestedTooDeep } from './mend.ts';
import { lateTicketKind } from './runner/late-ticket.ts';
import { DIGEST, digestKind, THREADS, threadsKind } from './runner/notifications.ts';
import { WORKFLOW } from './runner/request.ts';
import type { Deps } from './services.ts';
import type { Installation } from './slack/client.ts';

export type Receiver = SocketModeReceiver | HTTPReceiver;

/** The deadline for asking Slack for the address of a connection. */
const OPEN_TIMEOUT_MS = 10_000;

/** Creates the receiver for deliveries from Slack, without starting it. */
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
    log.error({ error: errorName(error) }, 'a delivery that cannot be read');
    return false;
  };
  const receiver = new SocketModeReceiver({
    appToken: transport.appToken,
    logger,
    // Maro connects again by itself: see createSocket.
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        slackApiUrl: config.apiUrl,
        rejectRateLimitedCalls: true,
        timeout: OPEN_TIMEOUT_MS,
        retryConfig: { retries: 0 },
      },
    },
    // Bolt's default handler would log the error's message, which may quote the delivery.
    processEventErrorHandler: ({ error }) => unreadable(error),
  });
  const { client } = receiver;
  const [read] = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown) => {
    const frame = readableFrame(data);
    if (frame === undefined) return log.warn('a message of Socket Mode that cannot be read');
    // The SDK reads messages in a promise that nothing awaits.
    return Promise.resolve(read?.(frame, false)).catch(unreadable);
  });
  return receiver;
}

/**
 * Answers a signed request with 400 before it reaches Bolt, if its body is parsed and is not an object. Bolt reads
 * a field of the parsed body in a promise that nothing awaits, so a body of `null` would end the process. A body
 * that is too large or incomplete is refused here as well, since it is read here. Bolt refuses everything else.
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
      return refuse(response, isRawBodyError(error) ? error.statusCode : 400, errorName(error));
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

/** False when the body can be parsed and is not an object. */
function mayBeObject(request: BufferedIncomingMessage): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body === 'object' && body !== null;
  } catch {
    return true;
  }
}

/**
 * For Slack's notice that it holds events back, since more than 30,000 came from one workspace in an hour.
 * https://docs.slack.dev/reference/events/app_rate_limited
 */
const RATE_LIMITED = 'Slack limits the events that it delivers to Maro, so some steps and messages do not reach it';

/**
 * Creates the Bolt app, without starting it. The app has one listener for
 * each kind of delivery, since Bolt passes every delivery to every listener.
 */
export function createApp(
  config: Config['slack'],
  receiver: Receiver,
  { tenant, botId, botUserId }: Installation,
  { slack, services, ledger, deliveries }: Omit<Deps, 'tenant'> & { deliveries: Deliveries },
): App {
  const app = new App({
    receiver,
    ...(receiver instanceof SocketModeReceiver ? { socketMode: true } : {}),
    token: config.botToken,
    botId,
    botUserId,
    // The token that Slack sends with a step expires when the step completes.
    attachFunctionToken: false,
    convoStore: false,
    logger: slackLogger(services.log),
    clientOptions: { slackApiUrl: config.apiUrl },
  });
  app.error(async (error) => {
    services.log.error({ error: errorName(error.original ?? error) }, 'a delivery could not be handled');
  });
  // Listeners receive parts of this body, so mending the body here covers every payload.
  app.use(async ({ body, next, ...more }) => {
    try {
      mend(body);
    } catch (error) {
      if (!(error instanceof NestedTooDeep)) throw error;
      services.log.warn({ error: errorName(error) }, 'a delivery that cannot be read');
      // Without an acknowledgement, Slack would send the same delivery again.
      return void (await (more as { ack?: () => Promise<unknown> }).ack?.());
    }
    await next();
  });
  const handle = app.processEvent.bind(app);
  // Slack delivers an unacknowledged event three more times, and stops delivering events to an app that misses too many.
  const passOver = async ({ body, ack }: ReceiverEvent) => {
    const { type, minute_rate_limited: minute } = body;
    if (type === 'app_rate_limited') services.log.warn({ type, minute: Number(minute) }, RATE_LIMITED);
    else services.log.warn(typesOf(body), 'a delivery that Maro does not handle');
    await ack();
  };
  app.processEvent = (event) => deliveries.take(event, isHandled(event.body) ? handle : passOver);
  const deps = { tenant, slack, services, ledger };
  registerCommands(app, { ...deps, deliveries });
  registerShortcuts(app, deps);
  registerActions(app, { ...deps, deliveries });
  registerHome(app, deps);
  registerChannelLife(app, { ...deps, deliveries, botUserId });
  registerMessages(app, { ...deps, deliveries, botUserId });
  registerSteps(app, { ...deps, deliveries });
  registerForms(app, deps);
  return app;
}

/** The kinds of ledger runs, each with how the ledger carries it out and reports its outcome. */
export function kindsOfRuns(deps: Deps): Readonly<Record<string, Kind>> {
  return {
    [STEP]: stepKind(deps),
    [WORKFLOW]: workflowKind(deps),
    [COMMAND]: commandKind(deps),
    [TRACKING]: trackingKind(deps),
    [MESSAGE]: messageKind(deps),
    [PRESS]: pressKind(deps),
    [LOOK]: lateTicketKind(deps),
    [CHANNEL_LIFE]: channelLifeKind(deps),
    [DIGEST]: digestKind(deps),
    [THREADS]: threadsKind(deps),
  };
}
