import { acts } from './acts.ts';
import { board } from './board.ts';
import { digest } from './digest.ts';
import { follow } from './follow.ts';
import { forms } from './forms.ts';
import { list } from './list.ts';
import { messages } from './messages.ts';
import { places } from './places.ts';
import type { Scene } from './scene.ts';
import { steps } from './steps.ts';
import { trouble } from './trouble.ts';

/** Everything that Maro does today. One scene begins where the one before it ended. */
export const scenes: Scene[] = [
  ...list,
  ...messages,
  ...steps,
  ...forms,
  ...board,
  ...places,
  ...trouble,
  ...digest,
  ...follow,
  ...acts,
];
