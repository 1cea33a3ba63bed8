import type { Execution } from '../../../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, world } from '../../../maro.ts';

// The tests beside this file have the errors that Slack's reference has for each method that Maro calls, each with what people and
// the log get. `npm run check:slack` counts which of them are played.

/** Errors of any method that another attempt does not help. */
export const REFUSED = [
  'access_denied',
  'accesslimited',
  'account_inactive',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'no_permission',
  'org_login_required',
  'team_access_not_granted',
  'token_revoked',
];
/** Errors of any method that may be over a moment later. */
const BUSY = ['ratelimited', 'request_timeout', 'service_unavailable', 'team_added_to_org'];
export const MISHAPS = [...BUSY, 'fatal_error', 'internal_error'];
export type Errors = {
  w: World;
  maro: Maro;
  /** Runs the step that posts an issue. */
  post(inputs?: object): Execution;
  /** Waits for the line with which the log names the error, and empties the log. */
  logged(error: string, msg: string): Promise<void>;
};

/** A Maro that meets errors, in a workspace with seven channels. */
export async function startErrors(): Promise<Errors> {
  const names = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'];
  const channels = names.map((id) => ({ id, name: `channel-${id}`, type: 'public' as const, app_is_member: true }));
  const w = await world({ channels });
  const maro = await startMaro(w);
  return {
    w,
    maro,
    post: (inputs = {}) => w.slack.step('post_ticket', { channel_id: 'C1', issue_keys: 'PLAT-5', ...inputs }),
    async logged(error, msg) {
      await until(() => maro.log.some((line) => line.error === error && line.msg === msg), `the log names ${error}`);
      maro.log.splice(0);
    },
  };
}
