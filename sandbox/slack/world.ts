import type { Clock } from './clock.ts';
import type { Events, Transport } from './delivery.ts';
import type { Executions } from './executions.ts';
import type { Files } from './files.ts';
import type { Log } from './log.ts';
import type { Manifest } from './manifest.ts';
import type { Messages } from './messages.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Sights } from './seen.ts';
import type { Triggers } from './trigger.ts';
import type { Views } from './views.ts';
import type { Workspace } from './workspace.ts';

/** Everything the stand-in is made of, for the acts and the Web API to work on. */
export interface World {
  manifest: Manifest;
  workspace: Workspace;
  clock: Clock;
  log: Log;
  sights: Sights;
  messages: Messages;
  files: Files;
  views: Views;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  executions: Executions;
  transport: Transport;
  events: Events;
  /** What apps.connections.open answers: a WebSocket address, good for one connection. */
  connectionUrl(): string;
}
