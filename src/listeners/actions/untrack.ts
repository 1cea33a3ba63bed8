import { functions } from '../../../functions/index.ts';
import { call } from '../../function.ts';
import type { Answer } from '../../issues/answer.ts';
import type { Pressed } from './pressed.ts';

/** Untracks the issues with these keys, in the channel of the press. */
export async function untrack(
  issue_keys: string,
  { channel, user, context }: Pressed,
): Promise<readonly Answer[] | { error: string }> {
  const inputs = { channel_id: channel, issue_keys, user_id: user, continue_on_error: false };
  const result = await call(functions.untrack, inputs, context);
  return result.detail ?? { error: 'error' in result ? result.error : '' };
}
