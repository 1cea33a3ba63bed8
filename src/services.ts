import type { Jira } from './jira/client.ts';
import type { Log } from './log.ts';
import type { SlackClient } from './slack/client.ts';
import type { Tracker } from './tracker/index.ts';

/** Everything that a function or a door may use, handed to it and never imported. */
export type Services = { tracker: Tracker; jira: Jira; slack: Pick<SlackClient, 'postMessage'>; log: Log };

/** Who asks for what, from where. */
export type Context = {
  /** The installation, from Slack's own answer to its token and never from a payload: those can be another company's. */
  tenant: string;
  /** Through which door it came. */
  door: 'command' | 'shortcut' | 'step';
  /** The operation's own id; a repeated call has the same. */
  operation: string;
  services: Services;
};
