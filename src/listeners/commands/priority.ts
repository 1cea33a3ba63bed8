import { act } from './act.ts';
import type { Answers } from './command.ts';
import { keyAndRest } from './key-and-rest.ts';
import { severalIn } from './several.ts';

/** Gives one or several issues the priority named after the keys. */
export const priority: Answers = async (rest, typed, context, deps) => {
  const several = severalIn(rest);
  if (several !== undefined) {
    const { issue_keys, words: value } = several;
    return act('change_issues', { issue_keys, act: 'priority', value }, typed, context, deps);
  }
  const { key, words } = keyAndRest(rest);
  if (words === '') {
    return { text: `Add an issue key and a priority, such as \`${typed.command} priority PLAT-12 High\`.` };
  }
  return act('update_issue', { issue_key: key, priority: words }, typed, context, deps);
};
