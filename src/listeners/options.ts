import { suppliers } from '../../functions/index.ts';
import { type Outcome, runStep, type SlackFunction } from '../function.ts';
import { type Context, type Deps, unclaimed } from '../services.ts';
import { within } from '../within.ts';

/** The functions that supply a menu or a set of fields in Workflow Builder, by callback_id. */
const byId = new Map<string, SlackFunction>(Object.entries(suppliers));

/**
 * The time limits for the answer and for sending it. Slack waits about three seconds for the acknowledgement,
 * which comes after the answer. https://docs.slack.dev/tools/bolt-js/concepts/acknowledge/
 */
const ANSWER_WITHIN_MS = 1_800;
const SEND_WITHIN_MS = 800;

const SLOW = 'Jira is slow, so there’s nothing to choose from yet. Open the menu again in a moment.';

/** A call of a function that supplies options: the id of the execution, the function, and its inputs. */
export type Asking = { id: string; callbackId: string; inputs: Readonly<Record<string, unknown>> };

/** Whether the function supplies options. Such a function changes nothing, so it does not go through the ledger. */
export function suppliesOptions(callbackId: string): boolean {
  return byId.has(callbackId);
}

/**
 * Answers Workflow Builder, which asks for the options of an input while somebody edits a step. Slack takes the options
 * before the acknowledgement. If Jira does not answer in time, the answer is a sentence. Projects,
 * types, and fields that arrive late serve the next time, since they are kept for ten minutes.
 * https://docs.slack.dev/tools/bolt-js/concepts/custom-steps-dynamic-options/
 */
export async function answerOptions({ id, callbackId, inputs }: Asking, ack: () => Promise<unknown>, deps: Deps) {
  const { tenant, services, slack } = deps;
  const context: Context = unclaimed({ tenant, door: 'step', operation: id, services });
  try {
    const fn = byId.get(callbackId) as SlackFunction<never, Outcome>;
    const outcome: Outcome = (await within(ANSWER_WITHIN_MS, runStep(fn, inputs, context))) ?? { error: SLOW };
    await within(SEND_WITHIN_MS, slack.complete(id, outcome));
  } finally {
    await ack();
  }
}
