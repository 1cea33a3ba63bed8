import type { Jira } from './jira/client.ts';
import type { Creates } from './ledger/creates.ts';
import { type Lease, UNCLAIMED } from './ledger/lease.ts';
import type { Run } from './ledger/runs.ts';
import type { Log } from './log.ts';
import type { SlackClient } from './slack/client.ts';
import type { Tracker } from './tracker/index.ts';

/** Everything that a function or a door may use, handed to it and never imported. */
export type Services = {
  tracker: Tracker;
  creates: Creates;
  jira: Jira;
  slack: Pick<SlackClient, 'postMessage' | 'findPosted' | 'replaceMessage'>;
  log: Log;
};

/** Through which door people come. */
export type Door = 'command' | 'shortcut' | 'button' | 'step';

/** Who asks for what, from where. */
export type Context = {
  /** The installation, from Slack's own answer to its token and never from a payload: those can be another company's. */
  tenant: string;
  /** Through which door it came. */
  door: Door;
  /** The operation's own id; a repeated call has the same. */
  operation: string;
  /** How long this process may act for the run that the operation belongs to. */
  lease: Lease;
  /** Of an operation that was begun before and may be done in part: how long ago it was accepted, by the database's clock. */
  earlier: { ageMs: number } | undefined;
  services: Services;
};

/** The context of work that nobody has claimed and that may be done twice. */
export function unclaimed(context: Omit<Context, 'lease' | 'earlier'>): Context {
  return { ...context, lease: UNCLAIMED, earlier: undefined };
}

/** What a context has of a run that this process has claimed. */
export function claimed({ attempts, ageMs }: Run, lease: Lease): Pick<Context, 'lease' | 'earlier'> {
  return { lease, earlier: attempts > 1 ? { ageMs } : undefined };
}
