import type { KnownBlock } from '@slack/types';
import type { Context } from '../../services.ts';
import type { Message } from '../../slack/message.ts';

/** A button or menu entry that a person chose: its value, the channel, the person, and the message that holds it. */
export type Pressed = { value: string; channel: string; user: string; message: Shows | undefined; context: Context };

/** A message that Maro sent, as Slack returns it in the payload of a press. */
export type Shows = { text?: string; blocks?: KnownBlock[] };

/** What a press shows: a new version of its message, a message for the whole channel or for the person, an error for the person, or nothing. */
export type Shown = { replace: Message } | { post: Message } | { show: Message } | { error: string } | 'nothing';

/** Carries out a press. */
export type PressHandler = (pressed: Pressed) => Promise<Shown>;
