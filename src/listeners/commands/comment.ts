import { plainText } from '../../slack/markup.ts';
import { act } from './act.ts';
import type { Answers } from './command.ts';
import { keyAndRest } from './key-and-rest.ts';

/** Adds a comment to the issue: what follows its key. */
export const comment: Answers = async (rest, typed, context, deps) => {
  const { key, words } = keyAndRest(rest);
  if (words === '') {
    return { text: `Add an issue key and your comment, such as \`${typed.command} comment PLAT-12 The fix is out\`.` };
  }
  return act('comment_issue', { issue_key: key, comment: words }, typed, context, deps, plainText(words, new Map()));
};
