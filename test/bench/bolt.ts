import { App, HTTPReceiver } from '@slack/bolt';
import postgres from 'postgres';
import { selectChannel } from './select.ts';

/**
 * What Maro is measured against: a Bolt app with one listener. It takes Maro's own environment and says `ready` as Maro does. By
 * LISTENER it acknowledges commands and does nothing (the default), answers them with a channel's rows as JSON (`select`), or
 * completes steps at once (`step`).
 */
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL, DATABASE_URL, LISTENER } = process.env;
const http = SLACK_APP_TOKEN === undefined;

const app = new App({
  token: SLACK_BOT_TOKEN ?? '',
  convoStore: false,
  clientOptions: { slackApiUrl: SLACK_API_URL ?? '' },
  ...(http
    ? { receiver: new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET ?? '', endpoints: '/slack/events' }) }
    : { appToken: SLACK_APP_TOKEN, socketMode: true }),
});

if (LISTENER === 'step') {
  app.function('track', async ({ complete }) => {
    await complete({ outputs: { tracked: true, count: 1, issue_keys: 'PLAT-1', skipped: '', error: '' } });
  });
} else if (LISTENER === 'select') {
  const sql = postgres(DATABASE_URL ?? '', { fetch_types: false });
  app.command('/maro', async ({ command, ack }) => {
    await ack(JSON.stringify(await selectChannel(sql, command.team_id, command.channel_id, 15)));
  });
} else {
  app.command('/maro', async ({ ack }) => {
    await ack();
  });
}

const server = await app.start(0);
const address = http && 'address' in server ? server.address() : undefined;
console.log(JSON.stringify({ msg: 'ready', port: typeof address === 'object' ? address?.port : undefined }));
