import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';

/**
 * What Jira's webhook at Maro is measured against: a server that checks the signature of a body and inserts the body as it is. It
 * takes Maro's own environment and says `ready` as Maro does.
 */
const { DATABASE_URL, JIRA_WEBHOOK_SECRET } = process.env;
const sql = postgres(DATABASE_URL ?? '', { fetch_types: false });
await sql`create table if not exists bare_events (event_id text primary key, body json not null)`;

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const signature = Buffer.from(
    `sha256=${createHmac('sha256', JIRA_WEBHOOK_SECRET ?? '')
      .update(body)
      .digest('hex')}`,
  );
  const given = Buffer.from(String(request.headers['x-hub-signature']));
  const isSigned = given.length === signature.length && timingSafeEqual(given, signature);
  if (isSigned) {
    const id = String(request.headers['x-atlassian-webhook-identifier']);
    await sql`insert into bare_events values (${id}, ${sql.json(JSON.parse(body.toString()))}) on conflict do nothing`;
  }
  response.writeHead(isSigned ? 200 : 401).end();
}).listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, msg: 'ready' }));
});
