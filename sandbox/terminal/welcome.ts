import type { Ink } from './ink.ts';

/** What a person reads first. `where` is where the data stay. */
export function welcome(ink: Ink, where: string, log: string): string {
  return [
    `${ink.paint("Maro's sandbox", 'bold')}. Maro is real; Slack and Jira are stand-ins. Nothing leaves this machine.`,
    `Data is in ${where}. Maro's log is in ${log}.`,
    'You are Ada in #checkout. Try these, in order:',
    `  ${ink.code('/maro track PLAT-1 SHOP-5')}`,
    `  ${ink.code('/maro tracked')}`,
    `  ${ink.code('step list {"status": "in_progress"}')}`,
    `${ink.code('help')} lists what else you can type, and ${ink.code('exit')} leaves. ${ink.code('npm run sandbox -- --tour')} plays everything.`,
    '',
    '',
  ].join('\n');
}

/** What stands in the terminal while the workspace is in the browser. */
export function address({ paint }: Ink, url: string, data: string, log: string): string {
  return `
  ${paint(url, 'bold')}

Open this address in a browser. Maro is real; Slack and Jira are stand-ins. Nothing leaves this machine.
Data is in ${data}. Maro's log is in ${log}. Press Ctrl-C to stop.
`;
}
