import { Pool } from 'undici';
import { sign } from '../../sandbox/slack/index.ts';

/** Where all these commands are typed. */
export const CHANNEL = 'C0LAUNCH';

/** A request of Slack's, signed and ready to be sent. */
export type Delivery = { body: string; headers: Record<string, string> };

/** Signed deliveries of one command, from so many people. Slack: a signature is good for five minutes. */
export function signedCommands(secret: string, text: string, people = 500): Delivery[] {
  const timestamp = Math.floor(Date.now() / 1000);
  return Array.from({ length: people }, (_, person) => {
    const body = new URLSearchParams({
      token: 'verification',
      team_id: 'T0ACME',
      team_domain: 'acme',
      channel_id: CHANNEL,
      channel_name: 'launch',
      user_id: `U0PERSON${person}`,
      user_name: `person${person}`,
      command: '/maro',
      text,
      api_app_id: 'A0MARO',
      is_enterprise_install: 'false',
      response_url: `https://hooks.slack.com/commands/T0ACME/${person}/abcdefghijklmnop`,
      trigger_id: `${person}.6470000.abcdefghijklmnop`,
    }).toString();
    return {
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': sign(secret, timestamp, body),
      },
    };
  });
}

/**
 * Sends so many deliveries to a port of this machine, over connections that are kept, each the next as soon as it has
 * its answer. @returns seconds. @throws when an answer is not 200 or lacks what it should contain.
 */
export async function send(
  port: number,
  deliveries: readonly Delivery[],
  {
    count,
    connections,
    contains,
    path = '/slack/events',
  }: { count: number; connections: number; contains: string; path?: string },
): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  let sent = 0;
  const from = performance.now();
  async function keepSending(): Promise<void> {
    while (sent < count) {
      const { body, headers } = deliveries[sent++ % deliveries.length] as Delivery;
      const response = await pool.request({ path, method: 'POST', headers, body });
      const answer = await response.body.text();
      if (response.statusCode !== 200 || !answer.includes(contains)) {
        throw new Error(`The answer was ${response.statusCode} ${answer.slice(0, 200)}`);
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, keepSending));
    return (performance.now() - from) / 1000;
  } finally {
    await pool.close();
  }
}
