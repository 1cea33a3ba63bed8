import { markupPieces } from '../../slack/markup.ts';
import { act } from './act.ts';
import type { Answers } from './command.ts';
import { keyAndRest } from './key-and-rest.ts';
import { severalIn } from './several.ts';

/** Assigns one or several issues to the person whom the command mentions or names, to oneself, or to nobody. */
export const assign: Answers = async (rest, typed, context, deps) => {
  const several = severalIn(rest);
  const { key, words } = several === undefined ? keyAndRest(rest) : { key: '', words: several.words };
  if (words === '') {
    return {
      text: `Add an issue key and a person, such as \`${typed.command} assign PLAT-12 me\`, an @person, a name, or \`nobody\`.`,
    };
  }
  const [mentioned] = [...markupPieces(typed.text)].flatMap((piece) => (piece.kind === 'user' ? piece.id : []));
  const user = /^@?me$/i.test(words) ? typed.user : mentioned;
  if (several !== undefined) {
    const person = user === undefined ? { value: words } : { assignee_id: user };
    const inputs = { issue_keys: several.issue_keys, act: 'assign', ...person };
    return act('change_issues', inputs, typed, context, deps);
  }
  const inputs = { issue_key: key, ...(user === undefined ? { assignee: words } : { assignee_id: user }) };
  return act('assign_issue', inputs, typed, context, deps);
};
