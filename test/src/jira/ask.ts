import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { started } from '../../../sandbox/jira/ask.ts';
import type { Jira as Site, Trouble } from '../../../sandbox/jira/index.ts';
import { createJira, type JiraOptions, type JiraPatience } from '../../../src/jira/client.ts';
import type { Linked } from '../../../src/jira/link.ts';
import type { OfProject } from '../../../src/jira/reading.ts';
import type { Refused } from '../../../src/jira/refusal.ts';

/** For a Jira that never answers. */
export const IMPATIENT: JiraPatience = { deadlineMs: 1_000 };
/** For ten megabytes, which a busy machine takes seconds to send. */
const PATIENT: JiraPatience = { deadlineMs: 20_000 };

/** How long to wait for a Jira in this trouble. */
export function patienceFor({ kind }: Trouble): JiraPatience {
  if (kind === 'huge') return PATIENT;
  return kind === 'no_answer' || kind === 'stalled_body' ? IMPATIENT : {};
}

export type Line = { level: 'warn' | 'error'; fields: object; message: string };

/** Maro's Jira client for a site, and what it logs. */
export function clientOf(site: Site, options: Partial<JiraOptions> = {}) {
  const lines: Line[] = [];
  const log = {
    warn: (fields: object, message: string) => void lines.push({ level: 'warn', fields, message }),
    error: (fields: object, message: string) => void lines.push({ level: 'error', fields, message }),
  };
  const { url: host, email, apiToken } = site;
  return { jira: createJira({ host, email, apiToken, projects: [], ...options }, log), lines };
}

/** A stand-in that stops with the test, and Maro's client for it. */
export async function startClient(t: TestContext, options: Partial<JiraOptions> = {}) {
  const site = await started(t);
  return { site, ...clientOf(site, options) };
}

/** What the client said: the value, or why there is none. */
export function said(what: OfProject<unknown> | Linked): unknown {
  if (what.state === 'known') return what.value;
  return what.state === 'trouble' ? what.trouble.kind : what.state === 'refused' ? what.reason : what.state;
}

/** The value, which must be known. */
export function known<T>(what: OfProject<T> | Refused): T {
  assert.equal(what.state, 'known', JSON.stringify(what));
  return (what as { value: T }).value;
}
