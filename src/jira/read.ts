import type { IssueKey } from '../key.ts';
import { projectOf } from '../key.ts';
import { bulkFetchIssues, getIssue } from './api.ts';
import type { Connection } from './connection.ts';
import { FIELDS, parseBulk, parseIssue } from './parse.ts';
import { inTrouble, NOT_FOUND, type Reading } from './reading.ts';
import { JiraTrouble } from './trouble.ts';

// Jira: bulkfetch takes up to 100 keys.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
export const KEYS_A_CALL = 100;
const SINGLE_READS = 10;
/** The number of concurrent calls when there are more than 100 keys. Atlassian advises against many. */
const CALLS_AT_ONCE = 5;

/** See `read` in `client.ts`. */
export async function read(jira: Connection, keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>> {
  const distinct = [...new Set(keys)];
  const readings = await inHundreds(jira, distinct, readHundred);
  return new Map(distinct.map((key) => [key, allowed(jira, key, readings.get(key) ?? NOT_FOUND)]));
}

/** See `readIds` in `client.ts`. */
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
  const { url: site } = await jira.site.get();
  for (const issue of (await fetchMany(jira, keys)).map(parseIssue)) {
    if (issue !== undefined) readings.set(issue.key, { state: 'shown', issue: { ...issue, site } });
  }
  // Jira returns an issue under its current key, so a key that is not in the answer may be an old key of a moved issue.
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
  const { url: site } = await jira.site.get();
  const items = await fetchMany(jira, ids);
  const issues = items.map(parseIssue).filter((issue) => issue !== undefined);
  for (const issue of issues) readings.set(issue.id, { state: 'shown', issue: { ...issue, site } });
  // An item that cannot be parsed may be any of the ids without a reading.
  if (issues.length < items.length) {
    for (const id of ids) if (!readings.has(id)) readings.set(id, inTrouble(jira.unreadable()));
  }
}

/**
 * Reads the items in groups of 100, `CALLS_AT_ONCE` groups at a time. If
 * a group cannot be read, its items get the trouble as their reading.
 */
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

/**
 * One reading for all of these keys, which the first answer did not contain. If Jira returns nothing for these keys alone, the
 * issues do not exist. If it returns issues, some of them have moved.
 */
async function readRest(jira: Connection, keys: readonly IssueKey[]): Promise<Reading> {
  const items = await fetchMany(jira, keys);
  if (items.length === 0) return NOT_FOUND;
  const haveMoved = items.every((item) => parseIssue(item) !== undefined);
  return inTrouble(haveMoved ? new JiraTrouble('moved') : jira.unreadable());
}

/** The items, not yet validated, of Jira's answer for up to a hundred keys or ids. @throws {JiraTrouble} */
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

/**
 * Applies JIRA_PROJECTS to a reading. A missing issue outside the allowed projects
 * reads as not allowed, so that nobody can find out whether an issue exists there.
 */
function allowed(jira: Connection, key: IssueKey, reading: Reading): Reading {
  if (reading.state === 'trouble') return reading;
  const isAllowed = jira.allows(projectOf(reading.state === 'shown' ? reading.issue.key : key));
  return isAllowed ? reading : { state: 'not allowed' };
}
