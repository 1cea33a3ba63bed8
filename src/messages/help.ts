import type { Message } from '../slack/message.ts';

/** Says what people can do with the command. */
export function helpMessage(command: string): Message {
  return {
    text: [
      'Maro tracks the Jira issues this channel cares about.',
      '*The list*',
      `• \`${command} track PLAT-1 PLAT-2\` – Track up to 100 issues, by key or link.`,
      `• \`${command} tracked\` – Show the list. Add \`mine\`, \`in progress\`, \`stale bugs\`, or \`"login"\` to show part of it.`,
      `• \`${command} untrack PLAT-1\` – Stop tracking an issue. \`${command} untrack done\` clears many, and asks first.`,
      `• \`${command} changes\` – See what changed since you last looked, or \`today\`, \`this week\`, \`since Monday\`.`,
      `• \`${command} follow epic PLAT-7\` – Let the list follow an epic, \`sprint\`, \`filter\`, or \`jql\`. \`import\` takes its issues once.`,
      `• \`${command} board\` – Pin a list to this channel that updates itself. \`${command} board hide\` removes it.`,
      `• \`${command} notify\` – Set a digest or replies in threads. By default, Maro posts nothing by itself.`,
      `• \`${command} export\` – Get the list as a CSV file. \`${command} export changes this week\` has what changed.`,
      '*Issues*',
      `• \`${command} PLAT-1\` – Show an issue. \`${command} show PLAT-1\` shows more of it.`,
      `• \`${command} find login\` – Search Jira, and track what you find.`,
      `• \`${command} move PLAT-1 Done\` – Move an issue. \`assign\`, \`priority\`, \`comment\`, and \`watch\` work the same way. Without a key, Maro asks for the issue.`,
      `• \`${command} create\` – Create an issue. \`${command} stories\` creates many, in an epic.`,
      `• \`${command} link PLAT-1\` – Link an issue to this channel and track it.`,
      '• In a message’s menu – Track the issues it mentions, create an issue from it, or link one to it.',
      '*Maro*',
      `• \`${command} where PLAT-1\` – See which channels track an issue.`,
      `• \`${command} doctor\` – See whether Maro, Slack, and Jira work.`,
      'Only you see the list until you share it. Everybody in the channel sees the board.',
    ].join('\n'),
  };
}
