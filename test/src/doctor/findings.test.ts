import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseFacts, Facts } from '../../../src/doctor/facts.ts';
import { inWords } from '../../../src/doctor/finding.ts';
import { findingsIn } from '../../../src/doctor/findings.ts';
import { JiraTrouble } from '../../../src/jira/trouble.ts';
import type { Checkup, SyncCheckup } from '../../../src/tracker/checkup.ts';

const sync: SyncCheckup = {
  ...{ deltaSeconds: 40, sweepSeconds: 500, webhookSeconds: 90, webhookIsQuiet: false },
  ...{ failing: undefined, leftOut: [] },
};
const idle = { count: 0, oldestSeconds: 0 };
const tables: Checkup = { runs: idle, jobs: idle, failedJobs: 0, follows: { count: 0, refused: 0 }, sync };
type Answering = Extract<DatabaseFacts, { state: 'answers' }>;
const database: Answering = {
  ...{ state: 'answers', server: { at: new Date(), postgres: 18 }, aheadMs: 3 },
  ...{ schema: { database: 14, program: 14 }, tables },
};
const good: Facts = {
  slack: { tenant: 'T1', scopes: ['commands', 'chat:write', 'users:read'] },
  manifest: { scopes: ['commands', 'chat:write', 'users:read'], optional: ['users:read'] },
  jira: {
    clock: { state: 'known', value: -20 },
    login: { state: 'known', value: true },
    lacking: { state: 'known', value: [] },
    projects: { state: 'known', value: { count: 3, hidden: [] } },
    limit: undefined,
  },
  database,
};
const withJira = (jira: Partial<Facts['jira']>): Facts => ({ ...good, jira: { ...good.jira, ...jira } });
const withDatabase = (over: Partial<Answering>): Facts => ({ ...good, database: { ...database, ...over } });
const withTables = (over: Partial<Checkup>) => withDatabase({ tables: { ...tables, ...over } });
const withSync = (over: Partial<SyncCheckup>) => withTables({ sync: { ...sync, ...over } });
const trouble = (kind: JiraTrouble['kind']) => ({ state: 'trouble' as const, trouble: new JiraTrouble(kind) });

test('the doctor finds nothing wrong where all is well, and says one line about each topic', () => {
  const findings = findingsIn(good);
  assert.deepEqual(
    findings.filter(({ state }) => state !== 'ok'),
    [],
  );
  assert.equal(new Set(findings.map(({ topic }) => topic)).size, findings.length);
  assert.equal(findings.length, 13);
});

const tenSecondsAgo = new Date(Date.now() - 10_000);
for (const [what, facts, topic, found] of [
  ['a token that Slack refuses', { ...good, slack: { refusal: 'invalid_auth' } }, 'Slack', 'wrong slack'],
  [
    'a required scope that is missing',
    { ...good, slack: { tenant: 'T1', scopes: ['commands', 'users:read'] } },
    'Slack',
    'wrong missing_scope',
  ],
  [
    'an optional scope that is missing',
    { ...good, slack: { tenant: 'T1', scopes: ['commands', 'chat:write'] } },
    'Slack',
    'note missing_scope',
  ],
  ['scopes that nobody tells', { ...good, slack: { tenant: 'T1', scopes: undefined } }, 'Slack', 'note scopes_untold'],
  ['a login that Jira refuses', withJira({ login: trouble('login_refused') }), 'Jira login', 'wrong login_refused'],
  ['a Jira that does not answer', withJira({ login: trouble('no_answer') }), 'Jira login', 'wrong no_answer'],
  [
    'an account that may browse nothing',
    withJira({ lacking: { state: 'known', value: ['BROWSE_PROJECTS'] } }),
    'Jira permissions',
    'wrong jira_permissions',
  ],
  [
    'an account that may not set reporters',
    withJira({ lacking: { state: 'known', value: ['MODIFY_REPORTER'] } }),
    'Jira permissions',
    'note jira_permissions',
  ],
  ['a token without a scope', withJira({ lacking: trouble('forbidden') }), 'Jira permissions', 'wrong forbidden'],
  [
    'a Jira without projects',
    withJira({ projects: { state: 'known', value: { count: 0, hidden: [] } } }),
    'Jira projects',
    'wrong jira_projects',
  ],
  [
    'a project of JIRA_PROJECTS that is hidden',
    withJira({ projects: { state: 'known', value: { count: 1, hidden: ['HR'] } } }),
    'Jira projects',
    'wrong jira_projects',
  ],
  [
    'a rate limit a moment ago',
    withJira({ limit: { at: tenSecondsAgo, reason: 'jira-burst-based', seconds: 5 } }),
    'Jira rate limit',
    'note rate_limited',
  ],
  [
    'no more of a rate limit two hours ago',
    withJira({ limit: { at: new Date(Date.now() - 7_200_000), reason: undefined, seconds: undefined } }),
    'Jira rate limit',
    'ok',
  ],
  ['a webhook that is not registered', withSync({ webhookSeconds: undefined }), 'Webhook', 'ok'],
  ['a webhook that is silent', withSync({ webhookIsQuiet: true }), 'Webhook', 'note webhook_quiet'],
  ['a delta that is late', withSync({ deltaSeconds: 600 }), 'Delta', 'wrong delta_late'],
  [
    'a delta that fails',
    withSync({ failing: { seconds: 700, trouble: 'rate_limited' } }),
    'Delta',
    'wrong rate_limited',
  ],
  ['a sync that never ran', withTables({ sync: undefined }), 'Delta', 'note no_sync'],
  ['a sweep that is late', withSync({ sweepSeconds: 4_000 }), 'Sweep', 'wrong sweep_late'],
  ['a sweep that has yet to run', withSync({ sweepSeconds: undefined }), 'Sweep', 'ok'],
  ['a project left out', withSync({ leftOut: ['HR'] }), 'Projects left out', 'wrong project_left_out'],
  ['a run that nobody takes', withTables({ runs: { count: 1, oldestSeconds: 400 } }), 'Queue', 'wrong queue'],
  ['a job that nobody takes', withTables({ jobs: { count: 3, oldestSeconds: 301 } }), 'Queue', 'wrong queue'],
  [
    'a followed query that Jira refuses',
    withTables({ follows: { count: 3, refused: 1 } }),
    'Followed queries',
    'note follow_refused',
  ],
  ['a job that was given up', withTables({ failedJobs: 1 }), 'Queue', 'wrong jobs_failed'],
  [
    'a database that is away',
    { ...good, database: { state: 'trouble', code: 'ECONNREFUSED' } },
    'Database',
    'wrong database',
  ],
  [
    'a PostgreSQL that is too old',
    withDatabase({ server: { at: new Date(), postgres: 14 } }),
    'Database',
    'wrong postgres',
  ],
  ['an empty database', withDatabase({ schema: { database: undefined, program: 14 } }), 'Database', 'wrong schema'],
  ['a newer database', withDatabase({ schema: { database: 15, program: 14 } }), 'Database', 'wrong schema'],
  ['a database whose clock is ahead', withDatabase({ aheadMs: 31_000 }), 'Clocks', 'wrong clocks'],
  ['a Jira whose clock is behind', withJira({ clock: { state: 'known', value: -90_000 } }), 'Clocks', 'wrong clocks'],
] satisfies [string, Facts, string, string][]) {
  test(`the doctor finds ${what}`, () => {
    const finding = findingsIn(facts).find((each) => each.topic === topic) ?? assert.fail();
    assert.equal(finding.state === 'ok' ? 'ok' : `${finding.state} ${finding.code}`, found);
  });
}

test('the doctor says nothing of tables that it cannot read', () => {
  const topics = findingsIn(withDatabase({ tables: undefined })).map(({ topic }) => topic);
  assert.ok(!topics.includes('Delta') && !topics.includes('Queue') && topics.includes('Database'));
});

test('what the doctor says to everybody names no project, scope, or permission', () => {
  const facts: Facts = {
    ...withJira({
      lacking: { state: 'known', value: ['MODIFY_REPORTER'] },
      projects: { state: 'known', value: { count: 1, hidden: ['SECRET'] } },
    }),
    slack: { tenant: 'T1', scopes: ['commands'] },
    database: { ...database, tables: { ...tables, sync: { ...sync, leftOut: ['SECRET'] } } },
  };
  const said = findingsIn(facts)
    .map(({ says }) => says)
    .join('\n');
  assert.doesNotMatch(said, /SECRET|MODIFY_REPORTER|chat:write/);
});

for (const [seconds, words] of [
  [0, '0 seconds'],
  [1, '1 second'],
  [119, '119 seconds'],
  [180, '3 minutes'],
  [7_300, '2 hours'],
  [200_000, '2 days'],
] as const) {
  test(`${seconds} seconds are ${words}`, () => assert.equal(inWords(seconds), words));
}
