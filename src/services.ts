import type { Jira } from './jira/client.ts';
import type { Creates } from './ledger/creates.ts';
import type { Ledger } from './ledger/index.ts';
import { type Lease, UNCLAIMED } from './ledger/lease.ts';
import type { Run } from './ledger/runs.ts';
import type { Log } from './log.ts';
import type { SlackClient } from './slack/client.ts';
import type { Edits } from './slack/edit.ts';
import type { Homes } from './slack/home.ts';
import type { Tracker } from './tracker/index.ts';

/** Everything that a function may use. It is passed in and never imported. */
export type Services = {
  tracker: Tracker;
  creates: Creates;
  jira: Jira;
  slack: Pick<
    SlackClient,
    | 'postMessage'
    | 'react'
    | 'unreact'
    | 'respond'
    | 'findPosted'
    | 'replaceMessage'
    | 'names'
    | 'email'
    | 'zone'
    | 'sendFile'
    | 'workspaceUrl'
    | keyof Edits
    | keyof Homes
  >;
  log: Log;
};

/**
 * Everything that a listener or a form may use: the id of the installation (a workspace
 * or an organization), all of Slack's Web API, the ledger, and the services.
 */
export type Deps = { tenant: string; slack: SlackClient; services: Services; ledger: Ledger };

/** The kind of interaction that a request came from. `clock`: from nobody, since its time had come. */
export type Door = 'command' | 'message' | 'shortcut' | 'form' | 'button' | 'step' | 'clock';

/** What a function knows about its call: the installation, the kind of interaction, the operation, the lease, and the services. */
export type Context = {
  /** The installation that Slack names for the bot token. A payload is not trusted: it may name another company's workspace. */
  tenant: string;
  door: Door;
  /** The id of the operation. A repeated call has the same id. */
  operation: string;
  /** Says whether this process may still act for the run that the operation belongs to. */
  lease: Lease;
  /**
   * Set when an earlier attempt may have done part of the operation. `ageMs`: how
   * long ago the operation was accepted, in milliseconds by the database's clock.
   */
  earlier: { ageMs: number } | undefined;
  services: Services;
};

/** The context of work that no process has claimed and that is safe to repeat. */
export function unclaimed(context: Omit<Context, 'lease' | 'earlier'>): Context {
  return { ...context, lease: UNCLAIMED, earlier: undefined };
}

/** The part of a context that comes from a run that this process has claimed. */
export function claimed({ attempts, ageMs }: Run, lease: Lease): Pick<Context, 'lease' | 'earlier'> {
  return { lease, earlier: attempts > 1 ? { ageMs } : undefined };
}
