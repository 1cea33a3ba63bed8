import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';
import { defined } from '../defined.ts';
import { type Log, slackLogger } from '../log.ts';
import { mend } from '../mend.ts';
import { createEdits, type Edits } from './edit.ts';
import { createFiles, type Files } from './file.ts';
import { createHomes, type Homes } from './home.ts';
import { createPeople, type People } from './people.ts';
import { createPosts, type Posts } from './post.ts';
import { createReactions, type Reactions } from './react.ts';
import { refusalOf, slackError, waitMs } from './refusal.ts';
import { type ResponseBody, respond } from './respond.ts';
import { createThreads, type Threads } from './thread.ts';
import { createVisible, type Visible } from './visible.ts';

/** The result of a step: the outputs that its function declares, or an error in a sentence. */
export type StepOutcome = { outputs: Readonly<Record<string, unknown>> } | { error: string };

/** The app's installation, with the ids that Slack reports. */
export type Installation = { tenant: string; botId: string; botUserId: string };

/** The scopes of the bot token, undefined if Slack's answer does not name them. `refusal`: why Slack does not take the token. */
export type Granted = { tenant: string; scopes: readonly string[] | undefined } | { refusal: string };

export type SlackClient = Posts &
  Edits &
  Files &
  Homes &
  People &
  Reactions &
  Threads &
  Visible & {
    /**
     * Asks Slack which workspace the bot token belongs to.
     * @throws {Error} with a sentence for the person who starts Maro, if Slack refuses the token or cannot be reached.
     */
    installation(): Promise<Installation>;
    /**
     * The scopes that Slack has granted to the bot token, and the installation to which the token belongs. One call, whose
     * answer names the scopes: https://docs.slack.dev/tools/node-slack-sdk/reference/web-api/interfaces/WebAPICallResult
     * @returns Slack's refusal, or the name of the error, if Slack does not tell.
     */
    granted(): Promise<Granted>;
    /** The workspace's address, like `https://acme.slack.com/`; empty until `installation` has returned. */
    workspaceUrl(): string;
    /**
     * Tells Slack the outcome of a step, with up to six attempts if Slack is busy or unreachable. If Slack rejects the
     * outputs, the step fails with an error instead. Never throws; failures are logged. A step that was stopped in the
     * meantime is not an error.
     * @returns whether Slack needs no further call.
     */
    complete(functionExecutionId: string, outcome: StepOutcome): Promise<boolean>;
    /**
     * Opens a view. Tries twice if Slack does not answer.
     * @returns the view's id; undefined if Slack refuses, for example because the trigger has expired. The refusal is logged.
     */
    openView(triggerId: string, view: ModalView): Promise<string | undefined>;
    /**
     * Replaces a view. With `hash`, only if the view has not changed since Slack reported that hash.
     * Tries twice if Slack does not answer.
     * @returns `changed` if the view has changed since the hash; `closed` if the person has closed the view; `refused` if Slack
     * refuses the view or does not answer, which is logged.
     */
    updateView(viewId: string, view: ModalView, hash?: string): Promise<'shown' | 'changed' | 'closed' | 'refused'>;
    /**
     * Answers an interaction, with up to three attempts; see `respond` in `respond.ts`.
     * @returns whether Slack took the answer. A failure is logged.
     */
    respond(responseUrl: string, answer: ResponseBody, how?: { once?: boolean }): Promise<boolean>;
  };

const TIMEOUT_MS = 5_000;
/** The maximum number of attempts to complete a step. It is Tier 3, about 50 calls a minute, so a rate limit lasts seconds. */
const ATTEMPTS = 6;
/** The longest wait before another attempt. For a longer one, the ledger tries again later. */
const PATIENCE_MS = 10_000;
const NO_BOT =
  "Maro did not start: SLACK_BOT_TOKEN is not a bot's token. Copy the Bot User OAuth Token, which begins with xoxb-, from the app's settings.";

/**
 * The client for Slack's Web API. It turns off the SDK's ten retries, and
 * its pause of all calls after one rate limit.
 */
export function createSlackClient(config: Config['slack'], log: Log): SlackClient {
  const client = new WebClient(config.botToken, {
    slackApiUrl: config.apiUrl,
    // This module logs errors itself, without the request data that the SDK's messages quote.
    logger: slackLogger(log.child({}, { level: 'silent' })),
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
  });

  const posts = createPosts(client, () => workspaceUrl, log);
  const homes = createHomes(client, log);
  let workspaceUrl = '';

  async function send(functionExecutionId: string, outcome: StepOutcome): Promise<void> {
    const call = { function_execution_id: functionExecutionId };
    if ('outputs' in outcome) await client.functions.completeSuccess({ ...call, outputs: outcome.outputs });
    else await client.functions.completeError({ ...call, error: outcome.error });
  }

  return {
    async installation() {
      const who = await client.auth.test().then(mend, (error: unknown) => {
        throw refusedAtStart(error, 'SLACK_BOT_TOKEN', config);
      });
      const tenant = who.is_enterprise_install ? who.enterprise_id : who.team_id;
      // Slack names the bot only if the token is a bot's.
      if (!tenant || !who.bot_id || !who.user_id) throw new Error(NO_BOT);
      workspaceUrl = who.url ?? '';
      return { tenant, botId: who.bot_id, botUserId: who.user_id };
    },

    async granted() {
      try {
        const { response_metadata: { scopes } = {}, ...who } = mend(await client.auth.test());
        const tenant = who.is_enterprise_install ? who.enterprise_id : who.team_id;
        return { tenant: tenant ?? '', scopes };
      } catch (error) {
        log.warn({ error: slackError(error) }, 'Slack did not tell the scopes of the bot token');
        return { refusal: slackError(error) };
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
          log.warn({ functionExecutionId, attempt, error: slackError(error) }, 'Slack did not take an outcome');
          if (refusal === 'parameter_validation_failed' && 'outputs' in what) {
            what = {
              error:
                'Slack refused this step’s outputs, but what the step did stands. Ask your Maro admin to install the current manifest.',
            };
          } else if (refusal !== undefined || attempt === ATTEMPTS || waitMs(error, attempt) > PATIENCE_MS) {
            log.error({ functionExecutionId, error: slackError(error) }, 'a step stays in progress in Slack');
            return refusal === 'function_execution_not_found';
          } else {
            await sleep(waitMs(error, attempt));
          }
        }
      }
    },

    async openView(triggerId, view) {
      const external_id = randomUUID();
      const open = () => client.views.open({ trigger_id: triggerId, view: { ...view, external_id } });
      // If Slack's answer is lost, the view may be open and the trigger used. The view is then found by its external_id.
      const find = () => client.views.update({ external_id, view: { ...view, external_id } });
      for (const attempt of [open, find, open]) {
        try {
          return (await attempt()).view?.id;
        } catch (error) {
          const refusal = refusalOf(error);
          if (attempt === find && refusal === 'not_found') continue;
          log.warn({ error: slackError(error) }, 'Slack did not open a view');
          if (refusal !== undefined) return undefined;
        }
      }
      return undefined;
    },

    async updateView(viewId, view, hash) {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.views.update({ view_id: viewId, view, ...defined({ hash }) });
          return 'shown';
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal === 'hash_conflict') return 'changed';
          if (refusal === 'not_found') return 'closed';
          log.warn({ error: slackError(error) }, 'Slack did not update a view');
          if (refusal !== undefined || attempt === 2) return 'refused';
        }
      }
    },

    ...posts,
    ...createEdits(client, log),
    ...createFiles(client, log),
    ...createPeople(client, log),
    ...createReactions(client, log),
    ...createThreads(client, log),
    ...homes,
    ...createVisible(client, homes, log),

    respond: (responseUrl, answer, how) => respond(responseUrl, answer, log, how),
  };
}

/**
 * The error for the person who starts Maro, if Slack refuses its token or cannot
 * be reached. `variable` is the environment variable that holds the token.
 */
export function refusedAtStart(error: unknown, variable: string, { apiUrl }: Config['slack']): Error {
  const refusal = refusalOf(error);
  const what =
    refusal === undefined
      ? `Slack cannot be reached at ${apiUrl}`
      : `Slack refused ${variable} (${refusal}). ${START_ADVICE[refusal] ?? COPY}`;
  return new Error(`Maro did not start: ${what}.`, { cause: error });
}

const COPY = "Copy it again from the app's settings";
const ALLOW = 'Ask an admin to allow the app, and start Maro again';
/**
 * What to do about refusals that the same token, copied anew, does not help.
 * https://docs.slack.dev/reference/methods/auth.test/#errors and https://docs.slack.dev/reference/methods/apps.connections.open/#errors
 */
const START_ADVICE: Readonly<Record<string, string>> = {
  access_denied: ALLOW,
  accesslimited: ALLOW,
  ekm_access_denied: ALLOW,
  enterprise_is_restricted: ALLOW,
  forbidden_team: ALLOW,
  missing_scope: 'Generate an app-level token with the scope connections:write',
  no_permission: ALLOW,
  team_access_not_granted: 'Ask an admin to add the app to the workspace, and start Maro again',
  org_login_required: 'Slack is moving the workspace to an organization. Start Maro again when that is over',
};
