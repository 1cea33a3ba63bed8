import { DatabaseTrouble } from '../../database/trouble.ts';
import { WILL_RUN_AGAIN } from '../../forms/submission.ts';
import { sentenceOf } from '../../function.ts';
import { failureOf } from '../../runner/receipt.ts';
import { asRun } from '../../runner/request.ts';
import type { WorkflowOutcome } from '../../runner/run.ts';
import type { Context, Deps } from '../../services.ts';
import { escapeText } from '../../slack/text.ts';
import type { CommandAnswer } from './command.ts';

/** The command may be stored. Then a process carries it out and tells the person. If the person repeats it, it may be done twice. */
const UNCONFIRMED =
  'Maro’s database didn’t answer in time, so this may or may not be done soon. If it is, you’ll get a direct message. Check the issue before you repeat it.';

/**
 * Carries out a command that changes something in Jira, as a run of the ledger. If this process dies, another process carries
 * it out. `workflow` is the callback_id of a workflow, or of a function to run alone. `says` draws the answer to a success, and
 * `fails` the answer to a failure, for a sentence.
 */
export async function answerOnce(
  { workflow, inputs }: { workflow: string; inputs: Readonly<Record<string, unknown>> },
  says: (outcome: WorkflowOutcome) => CommandAnswer,
  context: Context,
  { ledger }: Deps,
  fails: (sentence: string) => CommandAnswer = (sentence) => ({ text: escapeText(sentence) }),
): Promise<CommandAnswer> {
  const answer = (outcome: WorkflowOutcome, more = ''): CommandAnswer => {
    const failure = failureOf(outcome);
    return failure === undefined ? says(outcome) : fails(`${failure}${more}`);
  };
  const run = asRun({ id: context.operation, workflow, inputs, door: 'command' });
  try {
    const acceptance = await ledger.accept(run);
    if (acceptance.state === 'finished') return answer(acceptance.outcome as WorkflowOutcome);
    const performed = acceptance.state === 'ours' ? await ledger.perform(acceptance.run) : undefined;
    if (acceptance.state !== 'ours' || performed === undefined) return { text: 'This is already on its way.' };
    const outcome = performed.outcome as WorkflowOutcome;
    // The outcome could not be stored, so the workflow will run again and may end differently.
    if (performed.isUnstored) return answer(outcome, ` ${WILL_RUN_AGAIN}`);
    await ledger.markTold(acceptance.run);
    return answer(outcome);
  } catch (error) {
    const sentence = sentenceOf(error, workflow, context);
    return fails(error instanceof DatabaseTrouble && error.isDoubtful ? UNCONFIRMED : sentence);
  }
}
