import { webhookTroubles } from '../jira/webhook-trouble.ts';
import { builtIns } from '../slack/index.ts';
import { issueActs } from './jira.ts';
import type { Session } from './session.ts';

/** Everything one can type. */
export function help({ manifest, drawing: { ink } }: Session): string[] {
  const commands = (manifest.features?.slash_commands ?? []).map(({ command }) => command);
  const shortcuts = (manifest.features?.shortcuts ?? []).map(({ callback_id }) => callback_id);
  const rows: [act: string, meaning: string][] = [
    ...commands.map((name): [string, string] => [`${name} …`, `the slash command; "${name} help" says what it can do`]),
    ...builtIns.map(({ command, usage_hint, description }): [string, string] => [
      `${command} ${usage_hint}`.trim(),
      `Slack’s own: ${description.charAt(0).toLowerCase()}${description.slice(1)}`,
    ]),
    ['any other text', 'post a message; its handle is m1, then m2, and so on'],
    ['reply m1 text', 'reply in the thread of the message m1'],
    ['shortcut id m1', `use a shortcut of the message m1, or a global one without m1: ${ids(shortcuts)}`],
    [
      'press Label',
      'press a button or pick from a menu, in the newest message or view; a key, a value, or a form’s JSON may follow',
    ],
    ['step id {json}', `run a step of a workflow: ${ids(Object.keys(manifest.functions ?? {}))}`],
    ['workflow id {json}', `run one of Maro's own workflows: ${ids(Object.keys(manifest.workflows ?? {}))}`],
    ['', 'channel_id and user_id are the current channel and person unless the JSON names others'],
    ['as ben', 'become another person: ada, ben, or cyd of Acme, or noa of Northwind'],
    ['in #platform', 'go to another channel, by name or by id: C1, C2, C3, C4, D1'],
    ['jira slow', 'make Jira slow, down, or up again'],
    ['jira PLAT-3 Done', 'change the status of an issue in Jira'],
    ['jira PLAT-3 act', `do something else to it in Jira: ${issueActs.join(', ')}`],
    ['jira as yuki', 'become another person in Jira: mara, tobias, aisha, joao, or yuki'],
    ['jira hide SHOP', 'hide a project from Maro, or show it again'],
    ['jira webhooks lost', `let webhooks be ${webhookTroubles.join(', ')}, or on again`],
    [
      'clock 1d',
      'move the time ahead for everybody: by hours (2h), days, weeks (1w), or to tomorrow at 9:00 (clock morning)',
    ],
    ['help, exit', 'show this list; leave (quit works too)'],
  ];
  const width = Math.max(...rows.map(([act]) => act.length));
  return rows.map(([act, meaning]) => `${ink.paint(act.padEnd(width), 'bold')}  ${meaning}`);
}

function ids(names: string[]): string {
  return names.join(', ') || 'none yet';
}
