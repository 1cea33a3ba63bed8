import type { IssueKey } from '../key.ts';
import { projectOf } from '../key.ts';
import { FIELDS, parseBulk, parseIssue } from './answer.ts';
import { bulkFetchIssues, getIssue } from './api.ts';
import type { Connection } from './connection.ts';
import { inTrouble, NOT_FOUND, type Reading } from './reading.ts';
import { JiraTrouble } from './trouble.ts';

// Jira: bulkfetch takes 100 keys.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
export const KEYS_A_CALL = 100;
const SINGLE_READS = 10;
/** Calls at once for more than 100 keys: Atlassian advises against many. */
const CALLS_AT_ONCE = 5;

/** See `read` of `Jira`. */
export async function read(jira: Connection, keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>> {
  const distinct = [...new Set(keys)];
  const readings = await inHundreds(jira, distinct, readHundred);
  return new Map(distinct.map((key) => [key, allowed(jira, key, readings.get(key) ?? NOT_FOUND)]));
}

/** See `readIds` of `Jira`. */
export async function readIds(jira: Connection, ids: readonly string[]): Promise<Map<string, Reading>> {
  const readings = await inHundreds(jira, ids, readHundredIds);
  return new Map(
    ids.map((id) => {
      const reading = readings.get(id) ?? NOT_FOUND;
      return [id, reading.state === 'shown' ? allowed(jira, reading.issue.key, reading) : reading];
    }),
  );
}

type Readings = Map<string, Reading>;

async function readHundred(jira: Connection, keys: readonly IssueKey[], readings: Readings): Promise<void> {
  const site = await jira.site();
  for (const issue of (await fetchMany(jira, keys)).map(parseIssue)) {
    if (issue !== undefined) readings.set(issue.key, { state: 'shown', issue: { ...issue, site } });
  }
  // Jira answers under the key that an issue has now, so keys that are left may have moved as well as be missing.
  const left = keys.filter((key) => !readings.has(key));
  const rest = left.slice(SINGLE_READS);
  const [reading] = await Promise.all([
    rest.length === 0 ? undefined : readRest(jira, rest).catch(inTrouble),
    ...left
      .slice(0, SINGLE_READS)
      .map(async (key) => void readings.set(key, await readOne(jira, site, key).catch(inTrouble))),
  ]);
  if (reading !== undefined) for (const key of rest) readings.set(key, reading);
}

async function readHundredIds(jira: Connection, ids: readonly string[], readings: Readings): Promise<void> {
  const site = await jira.site();
  const items = await fetchMany(jira, ids);
  const issues = items.map(parseIssue).filter((issue) => issue !== undefined);
  for (const issue of issues) readings.set(issue.id, { state: 'shown', issue: { ...issue, site } });
  // One that cannot be read may be any of those that are left.
  if (issues.length < items.length) {
    for (const id of ids) if (!readings.has(id)) readings.set(id, inTrouble(jira.unreadable()));
  }
}

/** Reads each hundred by itself, a few at a time; what cannot be read has its trouble. */
async function inHundreds(jira: Connection, items: readonly string[], readSome: typeof readHundred): Promise<Readings> {
  const readings: Readings = new Map();
  const hundreds = Array.from({ length: Math.ceil(items.length / KEYS_A_CALL) }, (_, i) =>
    items.slice(i * KEYS_A_CALL, (i + 1) * KEYS_A_CALL),
  );
  for (let i = 0; i < hundreds.length; i += CALLS_AT_ONCE) {
    await Promise.all(
      hundreds.slice(i, i + CALLS_AT_ONCE).map(async (hundred) => {
        try {
          await readSome(jira, hundred, readings);
        } catch (error) {
          const reading = inTrouble(error);
          for (const item of hundred) readings.set(item, reading);
        }
      }),
    );
  }
  return readings;
}

/** What is true of all these keys. Asked for by themselves, keys that are missing come to nothing; moved ones do not. */
async function readRest(jira: Connection, keys: readonly IssueKey[]): Promise<Reading> {
  const items = await fetchMany(jira, keys);
  if (items.length === 0) return NOT_FOUND;
  const haveMoved = items.every((item) => parseIssue(item) !== undefined);
  return inTrouble(haveMoved ? new JiraTrouble('moved') : jira.unreadable());
}

/** The items of Jira's answer for up to a hundred keys or ids, still to be parsed. */
async function fetchMany(jira: Connection, keys: readonly string[]): Promise<unknown[]> {
  const request = { issueIdsOrKeys: [...keys], fields: FIELDS };
  const { status, json } = await jira.ask((client) => bulkFetchIssues(client, request));
  const items = status === 200 ? parseBulk(json) : undefined;
  if (items === undefined) throw jira.unreadable();
  return items;
}

async function readOne(jira: Connection, site: string, key: IssueKey): Promise<Reading> {
  const request = { issueIdOrKey: key, fields: FIELDS };
  const { status, json } = await jira.ask((client) => getIssue(client, request));
  if (status === 404) return NOT_FOUND;
  const issue = status === 200 ? parseIssue(json) : undefined;
  return issue === undefined ? inTrouble(jira.unreadable()) : { state: 'shown', issue: { ...issue, site } };
}

/** Outside of the allowed projects a missing issue reads as one that is not allowed, so that nobody can probe for it. */
function allowed(jira: Connection, key: IssueKey, reading: Reading): Reading {
  if (reading.state === 'trouble') return reading;
  const isAllowed = jira.allows(projectOf(reading.state === 'shown' ? reading.issue.key : key));
  return isAllowed ? reading : { state: 'not allowed' };
}
