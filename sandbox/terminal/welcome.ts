import type { Ink } from './ink.ts';

/** What a person reads first. `where` is where the data stay. */
export function welcome(ink: Ink, where: string, log: string): string {
  return [
    `${ink.paint("Maro's sandbox", 'bold')}: Maro as it is, with stand-ins for Slack and Jira. Nothing leaves this machine.`,
    `Data stay in ${where}; Maro's own log is ${log}.`,
    'You are Ada, in the channel #checkout. Try, in this order:',
    `  ${ink.code('/maro track PLAT-1 SHOP-5')}`,
    `  ${ink.code('/maro tracked')}`,
    `  ${ink.code('step list {"status": "in_progress"}')}`,
    `${ink.code('help')} tells what else there is, ${ink.code('exit')} ends it, ${ink.code('npm run sandbox -- --tour')} shows everything.`,
    '',
    '',
  ].join('\n');
}

/** What stands in the terminal while the workspace is in the browser. */
export function address({ paint }: Ink, url: string, data: string, log: string): string {
  return `
  ${paint(url, 'bold')}

Open it in a browser: Maro as it is, in a workspace with stand-ins for Slack and Jira. Nothing leaves this machine.
Data stay in ${data}, Maro's log in ${log}. Ctrl-C ends it; --terminal gives a prompt in place of the page.
`;
}
