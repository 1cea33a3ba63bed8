import { subjectOf, unacted } from '../../issues/act.ts';
import { escapeText, plainMrkdwn } from '../../slack/text.ts';
import { act } from './act.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';
import { keyAndRest } from './key-and-rest.ts';
import { severalIn } from './several.ts';

/** Moves one or several issues to the status after the keys. Without a status, lists the statuses to which the issue can move now. */
export const move: Answers = async (rest, typed, context, deps) => {
  const several = severalIn(rest);
  if (several !== undefined) {
    const { issue_keys, words: value } = several;
    return act('change_issues', { issue_keys, act: 'move', value }, typed, context, deps);
  }
  const { key, words } = keyAndRest(rest);
  if (key === '') return { text: `Add an issue key and a status, such as \`${typed.command} move PLAT-12 Done\`.` };
  if (words === '') return choices(key, typed, context, deps);
  return act('transition_issue', { issue_key: key, status: words }, typed, context, deps);
};

const choices: Answers = async (key, { command }, context) =>
  guarded('move', context, async () => {
    const subject = await subjectOf(key, context);
    if ('because' in subject) return { text: escapeText(subject.because) };
    const offered = await context.services.jira.transitionsOf(subject.key);
    if (offered.state !== 'known') return { text: escapeText(unacted(subject.key, 'moved', offered).error) };
    const names = [...new Set(offered.value.map(({ to }) => to.name))];
    if (names.length === 0) return { text: `Jira offers no other status for ${subject.key} now.` };
    return {
      text: `${subject.key} can move to ${plainMrkdwn(names.join(', '))}. Add the status: \`${command} move ${subject.key} …\``,
    };
  });
