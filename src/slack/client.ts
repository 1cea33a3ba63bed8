import { setTimeout as sleep } from 'node:timers/promises';
import type { ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';
import { defined } from '../defined.ts';
import { kindOf, type Log, slackLogger } from '../log.ts';
import { mend } from '../mend.ts';
import { createPosts, type Posts } from './post.ts';
import { refusalOf, waitMs } from './refusal.ts';
import { type Answer, respond } from './respond.ts';
import { unreadThread } from './trouble.ts';

/** What a step came to: the outputs that its function declares, or a sentence. */
export type StepOutcome = { outputs: Readonly<Record<string, unknown>> } | { error: string };

/** The app's installation, as Slack itself names it. */
export type Installation = { tenant: string; botId: string; botUserId: string };

export type SlackClient = Posts & {
  /** Asks Slack whose token this is. @throws with a sentence when Slack refuses it or cannot be reached. */
  installation(): Promise<Installation>;
  /** The workspace's own address, `https://acme.slack.com/`, once the installation is known. */
  workspaceUrl(): string;
  /**
   * Tells Slack how a step ended, again and again when Slack is busy or away for a moment. Never throws: the outcome is
   * stored, and a step that somebody stopped meanwhile is no error.
   * @returns whether Slack needs to be told no more.
   */
  complete(functionExecutionId: string, outcome: StepOutcome): Promise<boolean>;
  /** Opens a view. @returns its id; undefined when Slack refuses it, which is logged: a trigger that came too late. */
  openView(triggerId: string, view: ModalView): Promise<string | undefined>;
  /**
   * Replaces a view. With its hash, only one that nothing has replaced since Slack told that hash.
   * @returns whether it is shown: not when it was closed meanwhile, which is no error, nor when it has `changed` since the hash.
   */
  updateView(viewId: string, view: ModalView, hash?: string): Promise<'shown' | 'changed' | 'not shown'>;
  /** People's names by their ids, as far as Slack tells them in time; of at most twenty. */
  names(users: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The first two hundred messages of a thread, its first among them. @throws {SlackTrouble} when Slack does not let Maro read it. */
  thread(channel: string, ts: string): Promise<readonly ThreadMessage[]>;
  /** Answers an interaction, in up to three tries, or one. @returns whether Slack took it; what it did not take is logged. */
  respond(responseUrl: string, answer: Answer, how?: { once?: boolean }): Promise<boolean>;
};

/** A message in a thread, as Slack hands it on. */
export type ThreadMessage = { user?: string; text?: string; blocks?: unknown; files?: unknown };

const TIMEOUT_MS = 5_000;
const MOST_NAMES = 20;
const MOST_MESSAGES = 200;
/** Slack: functions.complete* are Tier 3, some 50 calls a minute, so a pause is a matter of seconds. */
const ATTEMPTS = 6;
/** A longer wait is left to the ledger. */
const PATIENCE_MS = 10_000;
/** Slack's Web API, without the SDK's defaults: no wait without end, and no call held up by another one's rate limit. */
export function createSlackClient(config: Config['slack'], log: Log): SlackClient {
  const client = new WebClient(config.botToken, {
    slackApiUrl: config.apiUrl,
    // Whatever fails is thrown, and said here: once, and without what Slack quotes of the call.
    logger: slackLogger(log.child({}, { level: 'silent' })),
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
  });

  const posts = createPosts(client, () => workspaceUrl, log);
  let workspaceUrl = '';

  async function send(functionExecutionId: string, outcome: StepOutcome): Promise<void> {
    const call = { function_execution_id: functionExecutionId };
    if ('outputs' in outcome) await client.functions.completeSuccess({ ...call, outputs: outcome.outputs });
    else await client.functions.completeError({ ...call, error: outcome.error });
  }

  return {
    async installation() {
      try {
        const who = mend(await client.auth.test());
        const tenant = who.is_enterprise_install ? who.enterprise_id : who.team_id;
        if (!tenant || !who.bot_id || !who.user_id) throw new Error('auth.test named no team, bot or user');
        workspaceUrl = who.url ?? '';
        return { tenant, botId: who.bot_id, botUserId: who.user_id };
      } catch (error) {
        throw refusedAtStart(error, 'SLACK_BOT_TOKEN', config);
      }
    },

    workspaceUrl: () => workspaceUrl,

    async complete(functionExecutionId, outcome) {
      let what = outcome;
      for (let attempt = 1; ; attempt++) {
        try {
          await send(functionExecutionId, what);
          return true;
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal === 'execution_not_in_running_state') return true;
          log.warn({ functionExecutionId, attempt, error: refusal ?? kindOf(error) }, 'Slack did not take an outcome');
          if (refusal === 'parameter_validation_failed' && 'outputs' in what) {
            what = {
              error: 'Slack refused what this step put out. The person who runs Maro should install its manifest anew.',
            };
          } else if (refusal !== undefined || attempt === ATTEMPTS || waitMs(error, attempt) > PATIENCE_MS) {
            log.error({ functionExecutionId, error: refusal ?? kindOf(error) }, 'a step stays in progress in Slack');
            return refusal === 'function_execution_not_found';
          } else {
            await sleep(waitMs(error, attempt));
          }
        }
      }
    },

    async openView(triggerId, view) {
      try {
        return (await client.views.open({ trigger_id: triggerId, view })).view?.id;
      } catch (error) {
        log.warn({ error: refusalOf(error) ?? kindOf(error) }, 'Slack did not open a view');
        return undefined;
      }
    },

    async updateView(viewId, view, hash) {
      try {
        await client.views.update({ view_id: viewId, view, ...defined({ hash }) });
        return 'shown';
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === 'hash_conflict') return 'changed';
        if (refusal !== 'not_found') log.warn({ error: refusal ?? kindOf(error) }, 'Slack did not update a view');
        return 'not shown';
      }
    },

    async names(users) {
      const names = new Map<string, string>();
      const ask = async (user: string) => {
        const { profile, real_name } = mend(await client.users.info({ user })).user ?? {};
        const name = profile?.display_name || real_name;
        if (name) names.set(user, name);
      };
      // A person without a name is shown by the id.
      await Promise.allSettled(users.slice(0, MOST_NAMES).map(ask));
      return names;
    },

    async thread(channel, ts) {
      try {
        const { messages = [] } = mend(await client.conversations.replies({ channel, ts, limit: MOST_MESSAGES }));
        return messages as readonly ThreadMessage[];
      } catch (error) {
        const refusal = refusalOf(error);
        log.warn({ error: refusal ?? kindOf(error) }, 'Slack did not show a thread');
        throw unreadThread(refusal, error);
      }
    },

    ...posts,

    respond: (responseUrl, answer, how) => respond(responseUrl, answer, log, how),
  };
}

/** The sentence for the person who starts Maro when Slack does not let it in. */
export function refusedAtStart(error: unknown, variable: string, { apiUrl }: Config['slack']): Error {
  const refusal = refusalOf(error);
  const what =
    refusal === undefined
      ? `Slack cannot be reached at ${apiUrl}`
      : `Slack refused ${variable} (${refusal}). Copy it anew from the app's settings`;
  return new Error(`Maro did not start: ${what}.`, { cause: error });
}
