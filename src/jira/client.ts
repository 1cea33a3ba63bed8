import { connect, type JiraLog, type JiraOptions } from './connection.ts';
import type { Creation, Creations } from './create.ts';
import type { IssueKey } from './key.ts';
import type { NewIssue } from './new-issue.ts';
import type { Reading } from './read.ts';

export type { JiraLog, JiraOptions } from './connection.ts';
export type { Reading } from './read.ts';

export type Jira = {
  /** The site's address, from Jira itself. Read once. @throws {JiraTrouble} */
  site(): Promise<string>;
  /** Whether a link's host (with port) is our site's. @throws {JiraTrouble} when that cannot be known yet. */
  isOurs(host: string): Promise<boolean>;
  /**
   * Reads many issues: one call for each 100 keys, and for those of them that did not come back by name at most eleven
   * more: ten keys are looked up one by one, any others together. Every key gets its reading; nothing is thrown.
   */
  read(keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>>;
  /** Reads issues by their ids, which stay when issues move: one call for each 100, and no more. Nothing is thrown. */
  readIds(ids: readonly string[]): Promise<Map<string, Reading>>;
  /**
   * Creates an issue that carries the request's id: one call, which is never sent again. What Jira is known to refuse is
   * refused without one. Nothing is thrown.
   */
  create(issue: NewIssue, requestId: string): Promise<Creation>;
  /**
   * Creates up to 50 issues in one call, which is never sent again; each carries the request's id and its place in the list,
   * `{id}/{index}`. Some may be refused while others stand. Nothing is thrown.
   */
  createMany(issues: readonly NewIssue[], requestId: string): Promise<Creations>;
};

/** Jira behind the few questions that Maro asks. Makes no call until it is asked, and loads what it needs for one then. */
export function createJira(config: JiraOptions, log: JiraLog): Jira {
  const connection = connect(config, log);
  const gateway = new URL(config.host).pathname.startsWith('/ex/jira/');
  return {
    site: connection.site,

    async isOurs(host) {
      if (!gateway && host === new URL(config.host).host) return true;
      return host === new URL(await connection.site()).host;
    },

    async read(keys) {
      const { read } = await import('./read.ts');
      return await read(connection, keys);
    },

    async readIds(ids) {
      const { readIds } = await import('./read.ts');
      return await readIds(connection, ids);
    },

    async create(issue, requestId) {
      const { create } = await import('./create.ts');
      return await create(connection, issue, requestId);
    },

    async createMany(issues, requestId) {
      const { createMany } = await import('./create.ts');
      return await createMany(connection, issues, requestId);
    },
  };
}
