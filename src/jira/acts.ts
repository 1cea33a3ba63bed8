import type { IssueKey } from '../key.ts';
import type { AdfDocument } from './adf.ts';
import type { BulkFields, BulkSteps, Progress, Submitted } from './bulk.ts';
import type { Commented } from './comment.ts';
import type { Connection } from './connection.ts';
import type { DescribedIssue } from './described.ts';
import type { Edit } from './edit.ts';
import type { Field, Option } from './field.ts';
import type { Person } from './people.ts';
import { wordsOf } from './query.ts';
import type { InTrouble, OfIssue } from './reading.ts';
import { ofIssue } from './reading.ts';
import type { Refused } from './refusal.ts';
import type { Step, Transition } from './transitions.ts';
import type { Written } from './written.ts';

/**
 * What Maro does to an issue for a person. Each write is one call, which is never repeated. No
 * operation throws for a problem with Jira. `key` must be the issue's current key.
 */
export function createActs(connection: Connection) {
  return {
    /** The issue with the beginning of its description. One call. */
    async describe(key: IssueKey): Promise<OfIssue<DescribedIssue>> {
      const { describe } = await import('./described.ts');
      return await describe(connection, key);
    },

    /**
     * The transitions that Jira offers Maro for the issue now. None if Maro's account may not transition
     * the issue, or if its workflow leads nowhere from its status. One call, not cached.
     */
    async transitionsOf(key: IssueKey): Promise<OfIssue<readonly Transition[]>> {
      const { transitionsOf } = await import('./transitions.ts');
      return await transitionsOf(connection, key);
    },

    /** Sends the issue through a transition. Jira refuses one that the issue's status does not have any more. */
    async transition(key: IssueKey, step: Step): Promise<Written> {
      const { transition } = await import('./transitions.ts');
      return await transition(connection, key, step);
    },

    /**
     * Adds a comment, by Maro's account, and stores `operationId` in one of the comment's properties, by which `commentOf` finds
     * the comment if the answer is lost.
     */
    async comment(key: IssueKey, body: AdfDocument, operationId: string): Promise<Commented> {
      const { comment } = await import('./comment.ts');
      return await comment(connection, key, body, operationId);
    },

    /**
     * The id of the comment that stores `operationId`, which was sent at `sentAt`; null if there is none. Jira may still add the
     * comment for some time after the call's deadline. One call, and one more if the issue has new comments.
     */
    async commentOf(key: IssueKey, operationId: string, sentAt: Date): Promise<OfIssue<string | null>> {
      const { commentOf } = await import('./comment.ts');
      return await commentOf(connection, key, operationId, sentAt);
    },

    /** Assigns the issue to the person with this account id, or to nobody. */
    async assign(key: IssueKey, accountId: string | null): Promise<Written> {
      const { assign } = await import('./edit.ts');
      return await assign(connection, key, accountId);
    },

    /** Up to a hundred people to whom the issue can be assigned and whose name begins with `query`. One call. */
    async assignableTo(key: IssueKey, query: string): Promise<OfIssue<readonly Person[]>> {
      const { findAssignable } = await import('./people.ts');
      return await ofIssue(connection, key, () => findAssignable(connection, { issueKey: key }, wordsOf(query)));
    },

    /** Changes fields of the issue, all of them or none. */
    async edit(key: IssueKey, change: Edit): Promise<Written> {
      const { edit } = await import('./edit.ts');
      return await edit(connection, key, change);
    },

    /** Whether the issue has the values of an edit now. One call. */
    async hasEdit(key: IssueKey, change: Edit): Promise<OfIssue<boolean>> {
      const { hasEdit } = await import('./edit.ts');
      return await hasEdit(connection, key, change);
    },

    /** The fields of the issue that Maro's account may edit and that a form can ask for. One call, not cached. */
    async editable(key: IssueKey): Promise<OfIssue<readonly Field[]>> {
      const { editable } = await import('./edit.ts');
      return await editable(connection, key);
    },

    /** The priorities that the issue can have, highest first; none if Maro's account may not set it. One call, not cached. */
    async priorities(key: IssueKey): Promise<OfIssue<readonly Option[]>> {
      const { priorities } = await import('./edit.ts');
      return await priorities(connection, key);
    },

    /**
     * The steps that up to 50 issues can take in bulk, by workflow. A workflow lists only steps that all its given issues can take
     * and that ask for no fields. If Maro cannot see one of the issues, Jira refuses the whole call. One call, not cached.
     */
    async bulkSteps(
      keys: readonly IssueKey[],
    ): Promise<{ state: 'known'; value: readonly BulkSteps[] } | InTrouble | Refused> {
      const { bulkSteps } = await import('./bulk.ts');
      return await bulkSteps(connection, keys);
    },

    /**
     * Sends up to 1,000 issues through transitions, by the issues' keys, with one call. Jira does it after it has answered: see
     * `bulkProgress`. It takes no transition that requires a field. Maro's account needs the permission for bulk changes.
     */
    async bulkTransition(steps: ReadonlyMap<IssueKey, string>): Promise<Submitted> {
      const { bulkTransition } = await import('./bulk.ts');
      return await bulkTransition(connection, steps);
    },

    /** Sets fields of up to 1,000 issues with one call. Jira does it after it has answered, as for `bulkTransition`. */
    async bulkEdit(keys: readonly IssueKey[], fields: BulkFields): Promise<Submitted> {
      const { bulkEdit } = await import('./bulk.ts');
      return await bulkEdit(connection, keys, fields);
    },

    /** How far a change of many issues is, for 14 days; `not found` if Jira does not know the task. One call. */
    async bulkProgress(taskId: string): Promise<OfIssue<Progress>> {
      const { bulkProgress } = await import('./bulk.ts');
      return await bulkProgress(connection, taskId);
    },

    /** Makes the person with this account id watch the issue, which Jira tells them about by its own means. */
    async watch(key: IssueKey, accountId: string): Promise<Written> {
      const { watch } = await import('./watch.ts');
      return await watch(connection, key, accountId);
    },

    /** Ends that. Nothing happens if the person does not watch the issue. */
    async unwatch(key: IssueKey, accountId: string): Promise<Written> {
      const { unwatch } = await import('./watch.ts');
      return await unwatch(connection, key, accountId);
    },
  };
}
