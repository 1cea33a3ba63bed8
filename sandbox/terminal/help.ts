import { builtIns } from '../slack/index.ts';
import type { Session } from './session.ts';

/** Everything one can type. */
export function help({ manifest, drawing: { ink } }: Session): string[] {
  const commands = (manifest.features?.slash_commands ?? []).map(({ command }) => command);
  const shortcuts = (manifest.features?.shortcuts ?? []).map(({ callback_id }) => callback_id);
  const rows: [act: string, meaning: string][] = [
    ...commands.map((name): [string, string] => [`${name} …`, `the slash command; "${name} help" says what it takes`]),
    ...builtIns.map(({ command, usage_hint, description }): [string, string] => [
      `${command} ${usage_hint}`.trim(),
      `Slack’s own: ${description.charAt(0).toLowerCase()}${description.slice(1)}`,
    ]),
    ['any other text', 'posts a message and gives it a handle: m1, m2 and so on'],
    ['reply m1 text', 'posts in the thread of a message'],
    ['shortcut id m1', `a shortcut of a message, without m1 a global one: ${ids(shortcuts)}`],
    [
      'press Label',
      'a button or menu in the newest message or view that has it; a key or value may follow, or a form’s JSON',
    ],
    ['step id {json}', `a step of a workflow: ${ids(Object.keys(manifest.functions ?? {}))}`],
    ['workflow id {json}', `a workflow of Maro's own: ${ids(Object.keys(manifest.workflows ?? {}))}`],
    ['', 'channel_id and user_id are filled in when the JSON leaves them out'],
    ['as ben', 'be another person: ada, ben and cyd of this company, noa of another'],
    ['in #platform', 'go to another channel; by id too: C1, C2, C3, C4, D1'],
    ['jira slow', 'make Jira slow, down, or up again'],
    ['jira PLAT-3 Done', 'give an issue another status, in Jira'],
    ['help, exit', 'this; the end, for which quit does as well'],
  ];
  const width = Math.max(...rows.map(([act]) => act.length));
  return rows.map(([act, meaning]) => `${ink.paint(act.padEnd(width), 'bold')}  ${meaning}`);
}

function ids(names: string[]): string {
  return names.join(', ') || 'there is none yet';
}
