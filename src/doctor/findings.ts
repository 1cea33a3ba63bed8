import type { JiraTrouble } from '../jira/trouble.ts';
import type { Facts } from './facts.ts';
import { type Finding, inWords, type Topic } from './finding.ts';
import { databaseFindings, syncFindings } from './sync-findings.ts';

/** What is to be said about the facts, in a fixed order. */
export function findingsIn(facts: Facts): Finding[] {
  return [
    slackFinding(facts),
    ...jiraFindings(facts.jira),
    rateLimitFinding(facts.jira),
    ...syncFindings(facts.database),
    ...databaseFindings(facts.database),
    clockFinding(facts),
  ];
}

function slackFinding({ slack, manifest }: Facts): Finding {
  const topic = 'Slack';
  if ('refusal' in slack) {
    const says = 'Slack does not take the bot token, or does not answer';
    const advice = 'Check SLACK_BOT_TOKEN and the way to Slack';
    return { topic, state: 'wrong', code: 'slack', says, detail: slack.refusal, advice };
  }
  if (slack.scopes === undefined) {
    const advice = 'Look for a proxy that removes the header x-oauth-scopes from answers';
    return {
      topic,
      state: 'note',
      code: 'scopes_untold',
      says: 'Slack does not tell the scopes of the bot token',
      advice,
    };
  }
  const { scopes } = slack;
  const missing = manifest.scopes.filter((scope) => !scopes.includes(scope));
  const required = missing.filter((scope) => !manifest.optional.includes(scope));
  const detail = missing.join(', ');
  const advice = "Paste manifest.json in the app's settings, reinstall the app, and grant the scopes";
  if (required.length > 0) {
    return {
      topic,
      state: 'wrong',
      code: 'missing_scope',
      says: 'Slack has not granted scopes that Maro needs',
      detail,
      advice,
    };
  }
  if (missing.length > 0) {
    const says = `Slack has not granted ${some(missing.length, 'optional scope')}`;
    return { topic, state: 'note', code: 'missing_scope', says, detail, advice };
  }
  return { topic, state: 'ok', says: 'Slack has granted all scopes' };
}

function jiraFindings({ login, lacking, projects }: Facts['jira']): Finding[] {
  if (login.state === 'trouble') return [inTrouble('Jira login', login.trouble)];
  return [
    { topic: 'Jira login', state: 'ok', says: 'Jira takes the login' },
    lacking.state === 'trouble' ? inTrouble('Jira permissions', lacking.trouble) : permissionsFinding(lacking.value),
    projects.state === 'trouble' ? inTrouble('Jira projects', projects.trouble) : projectsFinding(projects.value),
  ];
}

function permissionsFinding(lacking: readonly string[]): Finding {
  const topic = 'Jira permissions';
  if (lacking.length === 0) return { topic, state: 'ok', says: "Maro's account has all permissions" };
  const state = lacking.includes('BROWSE_PROJECTS') ? 'wrong' : 'note';
  const says = `Jira does not give Maro's account ${some(lacking.length, 'permission')}`;
  const advice = 'Grant them in the permission schemes, and USER_PICKER and BULK_CHANGE in the global permissions';
  return { topic, state, code: 'jira_permissions', says, detail: lacking.join(', '), advice };
}

function projectsFinding({ count, hidden }: { count: number; hidden: readonly string[] }): Finding {
  const topic = 'Jira projects';
  const advice = "Give Maro's account access to them, or take them out of JIRA_PROJECTS";
  if (count === 0) {
    return {
      topic,
      state: 'wrong',
      code: 'jira_projects',
      says: 'Jira shows Maro no project',
      detail: hidden.join(', '),
      advice,
    };
  }
  if (hidden.length > 0) {
    const says = `Jira does not show Maro ${some(hidden.length, 'project')} that it may use`;
    return { topic, state: 'wrong', code: 'jira_projects', says, detail: hidden.join(', '), advice };
  }
  return { topic, state: 'ok', says: 'Jira shows Maro its projects', detail: some(count, 'project') };
}

const ADVICE: Readonly<Record<JiraTrouble['kind'], string>> = {
  login_refused: 'Create an API token, and set JIRA_EMAIL and JIRA_API_TOKEN',
  forbidden: "Check the scopes of the token and the permissions of Maro's account",
  rate_limited: 'Wait, and look for other programs that call Jira',
  no_answer: 'Check JIRA_HOST and the way to it, and https://status.atlassian.com',
  unreadable: 'Check JIRA_HOST and any proxy in between',
  moved: 'Try again',
  conflict: 'Try again',
};

const TROUBLES: Readonly<Record<JiraTrouble['kind'], string>> = {
  login_refused: 'Jira refuses the login',
  forbidden: 'Jira does not allow this request',
  rate_limited: 'Jira asks Maro to slow down',
  no_answer: 'Jira does not answer',
  unreadable: 'Jira sends an answer that Maro cannot read',
  moved: 'Jira does not answer',
  conflict: 'Jira is changing the same thing for somebody else',
};

function inTrouble(topic: Topic, { kind, status }: JiraTrouble): Finding {
  const detail = status === undefined ? {} : { detail: `status ${status}` };
  return { topic, state: 'wrong', code: kind, says: TROUBLES[kind], ...detail, advice: ADVICE[kind] };
}

/** How long after Jira asked Maro to slow down that is worth a note. */
const LIMITED_MINUTES = 60;

function rateLimitFinding({ limit }: Facts['jira']): Finding {
  const topic = 'Jira rate limit';
  const minutes = limit === undefined ? Number.POSITIVE_INFINITY : (Date.now() - limit.at.getTime()) / 60_000;
  if (limit === undefined || minutes > LIMITED_MINUTES) {
    return { topic, state: 'ok', says: 'Jira has not asked this process to slow down in the last hour' };
  }
  const wait = limit.seconds === undefined ? '' : `, for ${inWords(limit.seconds)}`;
  return {
    ...{ topic, state: 'note', code: 'rate_limited', advice: ADVICE.rate_limited },
    says: `Jira asked Maro to slow down ${inWords(minutes * 60)} ago`,
    detail: `${limit.reason ?? 'no reason given'}${wait}`,
  };
}

/** Slack refuses requests whose time is five minutes off, and times on lists come from three clocks. */
const LARGEST_SKEW_MS = 30_000;

function clockFinding({ jira, database }: Facts): Finding {
  const topic = 'Clocks';
  const ahead = [
    ...(jira.clock.state === 'known' && jira.clock.value !== undefined ? [['Jira', jira.clock.value] as const] : []),
    ...(database.state === 'answers' ? [['the database', database.aheadMs] as const] : []),
  ];
  const off = ahead.filter(([, ms]) => Math.abs(ms) > LARGEST_SKEW_MS);
  if (ahead.length === 0) {
    return {
      topic,
      state: 'note',
      code: 'clocks',
      says: 'No other clock could be read',
      advice: 'See the other lines',
    };
  }
  if (off.length === 0)
    return { topic, state: 'ok', says: 'The clocks agree', detail: ahead.map(([name]) => name).join(' and ') };
  const detail = off
    .map(([name, ms]) => `${name} is ${inWords(Math.abs(ms) / 1000)} ${ms > 0 ? 'ahead' : 'behind'}`)
    .join(', ');
  return {
    topic,
    state: 'wrong',
    code: 'clocks',
    says: 'The clocks differ',
    detail,
    advice: 'Synchronize the clocks with NTP',
  };
}

/** A number of things, such as `2 projects`. */
function some(count: number, thing: string): string {
  return count === 1 ? `1 ${thing}` : `${count.toLocaleString('en')} ${thing}s`;
}
