import { builtIns } from '../slack/index.ts';
import { acts } from './acts.ts';
import { clockWords } from './clock.ts';
import { issueActs, jiraStates } from './jira.ts';
import { labels } from './press.ts';
import { channelTitle, type Session } from './session.ts';

/** What the Tab key offers for a line, and the part of the line that it would replace. */
export function complete(session: Session, line: string): [offers: string[], typed: string] {
  const [, verb, rest = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
  const typed = verb === undefined ? line : verb === 'press' ? rest : rest.slice(rest.lastIndexOf(' ') + 1);
  const offers = verb === undefined ? verbs(session) : wordsAfter(session, verb, rest.includes(' '));
  return [offers.filter((offer) => offer.startsWith(typed)), typed];
}

function verbs({ manifest }: Session): string[] {
  const commands = [...(manifest.features?.slash_commands ?? []), ...builtIns].map(({ command }) => command);
  return [...commands, ...Object.keys(acts), 'exit', 'quit'].map((verb) => `${verb} `);
}

function wordsAfter(session: Session, verb: string, isSecond: boolean): string[] {
  const { manifest, slack, handles } = session;
  if (verb === 'press') return labels(session);
  if (verb === 'shortcut') {
    const ids = (manifest.features?.shortcuts ?? []).map(({ callback_id }) => callback_id);
    return isSecond ? [...handles.keys()] : ids;
  }
  if (verb === 'jira' && isSecond) return [...issueActs];
  if (isSecond) return [];
  switch (verb) {
    case 'step':
      return Object.keys(manifest.functions ?? {});
    case 'workflow':
      return Object.keys(manifest.workflows ?? {});
    case 'as':
      return slack.workspace.users.map(({ name }) => name);
    case 'in':
      return slack.workspace.channels.map((channel) => (channel.type === 'im' ? channel.id : channelTitle(channel)));
    case 'jira':
      return [...jiraStates, 'as', 'webhooks', 'hide', 'show'];
    case 'clock':
      return clockWords;
    default:
      return [];
  }
}
