import { functions } from '../../../functions/index.ts';
import { call } from '../../function.ts';
import type { Pressed } from './pressed.ts';

/** Tracks the issues with these keys, in the channel of the press. */
export function track(issue_keys: string, { channel, user, context }: Pick<Pressed, 'channel' | 'user' | 'context'>) {
  const inputs = { channel_id: channel, issue_keys, user_id: user, message_link: undefined, continue_on_error: false };
  return call(functions.track, inputs, context);
}
