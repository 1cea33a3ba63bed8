import { createHmac, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Jira } from '../../sandbox/jira/index.ts';
import { openTrackerAt } from '../tracker.ts';
import { CONNECTIONS } from './dispatch.ts';
import { madeUpIssues, tracking } from './issues.ts';
import { type Delivery, send } from './load.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';
import { type Program, start } from './program.ts';
import { inWorld } from './world.ts';

const SECRET = 'a-secret-of-the-webhook';
const ISSUES = 100;
const EVENTS = 4_000;

/** One change by Jira's webhook until it is stored, beside a server that inserts the signed body as it is. */
export async function webhook({ server, rounds, short }: Bench): Promise<Line[]> {
  const count = short ? EVENTS / 4 : EVENTS;
  return inWorld(server, 'http', async ({ jira, databaseUrl, env }) => {
    const signed = { ...env, JIRA_WEBHOOK_SECRET: SECRET };
    const [maro, insert] = [await start('maro', signed), await start('insert', signed)];
    const tracker = await openTrackerAt(databaseUrl);
    const issues = madeUpIssues(ISSUES).map((issue) => ({ ...issue, site: jira.site }));
    await tracker.track({ ...tracking('C0LAUNCH', issues, 'before'), tenant: 'T0ACME' });
    await tracker.close();
    const sql = postgres(databaseUrl, { max: 1 });
    // Autovacuum does so within a minute. Without it, PostgreSQL plans for a workspace with one issue.
    await sql`analyze`;
    await sql.end();
    let sent = 0;
    const perSecond = (program: Program) => async () => {
      const deliveries = Array.from({ length: count }, () => changeOf(jira, issues[sent % ISSUES]?.id ?? '', sent++));
      const how = { count, connections: CONNECTIONS, contains: '', path: '/jira/webhook' };
      return count / (await send(program.port, deliveries, how));
    };
    try {
      const tasks = { ours: perSecond(maro), insert: perSecond(insert) };
      await inTurn(1, tasks);
      const figures = await inTurn(rounds, tasks);
      return [
        {
          what: 'a change by the webhook, stored',
          unit: 'events/s',
          ours: figures.ours,
          baseline: { what: 'bare insert, signed', figures: figures.insert },
          target: 0.7,
        },
      ];
    } finally {
      await Promise.all([maro.end(), insert.end()]);
    }
  });
}

/** Change number `n`, as Jira's webhook reports it, signed. */
function changeOf(jira: Jira, id: string, n: number): Delivery {
  const rest = `${jira.site}/rest/api/2`;
  const at = Date.now() + n;
  const body = JSON.stringify({
    timestamp: at,
    webhookEvent: 'jira:issue_updated',
    issue_event_type_name: 'issue_updated',
    user: { self: `${rest}/user?accountId=a1`, accountId: 'a1', displayName: 'Mara Lindqvist', active: true },
    issue: {
      id,
      self: `${rest}/${id}`,
      key: `PLAT-${id}`,
      fields: {
        summary: `Summary ${n}`,
        status: { id: '3', name: 'In Progress', statusCategory: { id: 4, key: 'indeterminate', name: 'In Progress' } },
        issuetype: { id: '1', name: 'Story' },
        priority: { id: '3', name: 'Medium' },
        assignee: null,
        updated: new Date(at).toISOString(),
        description: 'A description that is as long as they are. '.repeat(20),
      },
    },
    changelog: {
      id: String(50_000 + n),
      items: [
        { field: 'summary', fieldtype: 'jira', fieldId: 'summary', fromString: 'Before', toString: `Summary ${n}` },
      ],
    },
  });
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      'x-atlassian-webhook-identifier': randomUUID(),
      'x-hub-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    },
  };
}
