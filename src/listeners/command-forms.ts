import { openActForm } from '../forms/acts.ts';
import { askIssue } from '../forms/ask-issue.ts';
import { openCreateForm } from '../forms/create/open.ts';
import type { Origin } from '../forms/create/origin.ts';
import { valuesOf } from '../forms/create/values.ts';
import { linkView } from '../forms/link.ts';
import { openMoveForm } from '../forms/move.ts';
import { openNotifyForm } from '../forms/notify.ts';
import { type Opening, openView } from '../forms/opening.ts';
import { openStoriesForm } from '../forms/stories.ts';
import { trackView } from '../forms/track.ts';
import { parseKeys } from '../key.ts';
import { ASSIGN, COMMENT, MORE, MOVE, PRIORITY, UNWATCH, WATCH } from '../messages/issue-act.ts';
import type { Deps } from '../services.ts';
import { channelLink } from '../slack/permalink.ts';
import { keyAndRest } from './commands/key-and-rest.ts';
import { parseCommand } from './commands/parse-command.ts';

type Open = (opening: Opening, origin: Origin, words: string, deps: Deps) => Promise<unknown>;

/** The forms of commands that always open one. */
const always: Readonly<Record<string, Open>> = {
  create: (opening, origin, words, deps) => openCreateForm(opening, origin, async () => valuesOf(words), deps),
  notify: (opening, origin, _words, deps) => openNotifyForm(opening, origin, deps),
  stories: (opening, origin, _words, deps) => openStoriesForm(opening, origin, deps),
};

/** The forms of commands that were typed as one word. */
const alone: Readonly<Record<string, Open>> = {
  move: asking(MOVE),
  assign: asking(ASSIGN),
  comment: asking(COMMENT),
  priority: asking(PRIORITY),
  show: asking(MORE),
  watch: asking(WATCH),
  unwatch: asking(UNWATCH),
  track: (opening, origin, _words, deps) => openView(opening, trackView(origin), deps),
  link: (opening, origin, _words, deps) => openView(opening, linkView(inChannel(origin, deps)), deps),
};

/** The forms of commands that were typed with only a key. */
const withKey: Readonly<Record<string, Open>> = {
  move: (opening, origin, words, deps) => openMoveForm(opening, { ...origin, issue: words }, deps),
  assign: about(ASSIGN),
  comment: about(COMMENT),
  priority: about(PRIORITY),
};

/** Returns the function that opens the command's form, or undefined for a command without a form. `words` follow the verb. */
export function openingOf(text: string): Open | undefined {
  const { verb, rest } = parseCommand(text);
  const forms = rest === '' ? { ...always, ...alone } : isOneKey(rest) ? { ...always, ...withKey } : always;
  return Object.hasOwn(forms, verb) ? forms[verb] : undefined;
}

function asking(action: string): Open {
  return (opening, origin, _words, deps) => askIssue(action, opening, origin, deps);
}

function about(form: string): Open {
  return (opening, origin, words, deps) => openActForm(form, opening, { ...origin, issue: words }, deps);
}

/** The link leads to the channel, because the command names no message. */
function inChannel(origin: Origin, { slack }: Deps): Origin {
  return { ...origin, messageLink: channelLink(slack.workspaceUrl(), origin.channel ?? '') };
}

function isOneKey(rest: string): boolean {
  const { key, words } = keyAndRest(rest);
  return words === '' && parseKeys(key).length === 1;
}
