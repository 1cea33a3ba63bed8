import { ASSIGN, COMMENT, MORE, MOVE, PRIORITY, UNWATCH, WATCH } from '../messages/issue-act.ts';
import { sentencesView, words } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { issueMenu } from './issue-menu.ts';
import { type Opening, openView } from './opening.ts';

const QUESTIONS: Readonly<Record<string, { title: string; question: string }>> = {
  [MOVE]: { title: 'Move issue', question: 'Which issue do you want to move?' },
  [ASSIGN]: { title: 'Assign issue', question: 'Which issue do you want to assign?' },
  [COMMENT]: { title: 'Comment on issue', question: 'Which issue do you want to comment on?' },
  [PRIORITY]: { title: 'Set priority', question: 'Which issue’s priority do you want to set?' },
  [MORE]: { title: 'Show issue', question: 'Which issue do you want to see?' },
  [WATCH]: { title: 'Watch issue', question: 'Which issue do you want to watch?' },
  [UNWATCH]: { title: 'Unwatch issue', question: 'Which issue do you no longer want to watch?' },
};

/** Opens a view that asks for an issue. When the person chooses one, `chooseAct` carries out `action` or shows its form. */
export async function askIssue(action: string, opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const { title, question } = QUESTIONS[action] ?? { title: 'Issue', question: 'Which issue?' };
  const menu = { ...issueMenu(''), focus_on_load: true };
  const view = sentencesView(title, [], [words(question), { type: 'actions', block_id: action, elements: [menu] }]);
  await openView(opening, { ...view, private_metadata: encodeOrigin(origin) }, deps);
}
