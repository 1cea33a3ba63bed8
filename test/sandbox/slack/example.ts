import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { App, HTTPReceiver, type Logger, LogLevel } from '@slack/bolt';
import { createClock, type Manifest, type Slack, type SlackOptions, startSlack } from '../../../sandbox/slack/index.ts';

/** The manifest of the small Bolt app that the stand-in's own tests run. */
export const manifest: Manifest = {
  features: {
    app_home: { messages_tab_enabled: true },
    slash_commands: [{ command: '/hello' }, { command: '/escaped', should_escape: true }],
    shortcuts: [
      { name: 'Note', type: 'message', callback_id: 'note' },
      { name: 'Start', type: 'global', callback_id: 'start' },
    ],
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write'] } },
  settings: {
    org_deploy_enabled: true,
    socket_mode_enabled: true,
    function_runtime: 'remote',
    interactivity: { is_enabled: true },
    event_subscriptions: { bot_events: ['function_executed'] },
  },
  functions: {
    greet: {
      title: 'Greet',
      description: 'Greets',
      input_parameters: {
        properties: {
          name: { type: 'string' },
          times: { type: 'integer' },
          loud: { type: 'boolean' },
          user_id: { type: 'slack#/types/user_id' },
          channel_id: { type: 'slack#/types/channel_id' },
          note: { type: 'slack#/types/rich_text' },
        },
        required: ['name'],
      },
      output_parameters: {
        properties: { greeting: { type: 'string' }, count: { type: 'integer' } },
        required: ['greeting'],
      },
    },
  },
};

export interface Example {
  slack: Slack;
  app: App;
}

/** The stand-in and a Bolt app against it, over Socket Mode or signed HTTP; both end with the test. */
export async function startExample(
  t: TestContext,
  register: (app: App) => void = () => {},
  options: Partial<SlackOptions> = {},
): Promise<Example> {
  const slack = await startSlack({ manifest, clock: createClock(), ...options });
  let app: App | undefined;
  t.after(async () => {
    const stopped = app?.stop();
    await slack.stop();
    await stopped;
  });
  const clientOptions = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  const common = { token: slack.botToken, clientOptions, logger: quiet };
  if (options.transport === 'http') {
    const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: quiet });
    app = new App({ ...common, receiver });
    register(app);
    const server = (await app.start({ port: 0, host: '127.0.0.1' })) as Server;
    await slack.deliverOverHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  } else {
    app = new App({ ...common, socketMode: true, appToken: slack.appToken });
    register(app);
    await app.start();
    await slack.connected();
  }
  return { slack, app };
}

const ignore = () => {};
/** A logger for Bolt that keeps its peace. */
export const quiet: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  getLevel: () => LogLevel.ERROR,
  setName: ignore,
};
