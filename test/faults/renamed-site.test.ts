import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startMaro, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

/** Every link whose host Maro does not know makes it read the site again. */
const EAGER = { siteAgesMs: { forUnknownHost: 0, always: 600_000 } };
const CUSTOM = 'https://jira.acme.example';

/** Types a command, and returns what it answers and where its links lead. */
async function type(w: World, text: string, channel = 'C1') {
  const [message] = (await w.slack.command(`/maro ${text}`, { channel })).messages;
  const links = [...JSON.stringify(message).matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url);
  return { text: words(message).trim(), links: [...new Set(links)] };
}

async function said(w: World, text: string): Promise<string | undefined> {
  return (await type(w, text)).text.split(' · ')[0];
}

/** The tracked issues as they are stored: a line for each row. */
async function stored({ databaseUrl }: World): Promise<string[]> {
  const found = await rows<{ line: string }>(
    databaseUrl,
    `select channel_id || ' ' || issue_key as line from tracked_issues join jira_issues using (tenant_id, site, issue_id) order by 1`,
  );
  return found.map(({ line }) => line);
}

/** The address that the site of this world gets when it is renamed. */
const renamed = ({ jira }: World) => jira.url.replace('127.0.0.1', 'localhost');

describe('a site', () => {
  test('that is renamed while Maro runs stays one site: old and new links, old messages, and one row', async () => {
    const w = await world();
    const maro = await startMaro(w, {}, EAGER);
    const [oldSite, newSite] = [w.jira.url, renamed(w)];
    assert.equal(await said(w, `track ${oldSite}/browse/PLAT-1 PLAT-4`), 'PLAT-1: now tracked');
    const list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0];
    w.jira.rename(newSite);

    assert.equal(await said(w, `track ${newSite}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.equal(await said(w, `track ${oldSite}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.deepEqual((await type(w, 'track PLAT-3')).links, [`${newSite}/browse/PLAT-3`]);
    assert.deepEqual(await stored(w), ['C1 PLAT-1', 'C1 PLAT-3', 'C1 PLAT-4']);
    const { links } = await type(w, 'tracked');
    assert.deepEqual(
      links.toSorted(),
      [1, 3, 4].map((n) => `${newSite}/browse/PLAT-${n}`),
    );

    const pressed = await w.slack.press(list ?? assert.fail(), 'Refresh');
    const refreshed = pressed.messages.at(-1) ?? (await pressed.next());
    assert.match(words(refreshed), /Up to date\. Nothing changed in Jira\./);
    assert.equal(await said(w, `untrack ${oldSite}/browse/PLAT-1`), 'PLAT-1: no longer tracked\nUndo');
    assert.equal(await said(w, `untrack ${newSite}/browse/PLAT-4`), 'PLAT-4: no longer tracked\nUndo');
    assert.equal(
      await said(w, 'track https://other.example/browse/PLAT-1'),
      'https://other.example/browse/PLAT-1: another Jira site',
    );
    const told = maro.log.filter(({ level }) => level === 'warn');
    assert.deepEqual(
      told.map(({ msg, host }) => [msg, host]),
      [['Jira redirects to another address of the site: set JIRA_HOST to it', newSite]],
    );
    assert.deepEqual(w.slack.refusals, []);
  });

  test('that is renamed before Maro starts again keeps its rows, with JIRA_HOST at the old address and then the new', async () => {
    const w = await world();
    const [oldSite, newSite] = [w.jira.url, renamed(w)];
    const before = await startMaro(w);
    await said(w, 'track PLAT-1');
    await before.stop();
    w.jira.rename(newSite);
    for (const JIRA_HOST of [oldSite, newSite]) {
      const maro = await startMaro(w, { JIRA_HOST });
      assert.equal(await said(w, `track ${oldSite}/browse/PLAT-1`), 'PLAT-1: tracked already');
      assert.deepEqual((await type(w, 'tracked')).links, [`${newSite}/browse/PLAT-1`]);
      await maro.stop();
    }
    assert.deepEqual(await stored(w), ['C1 PLAT-1']);
  });

  test('that is read through the gateway is the same one whatever its address, also when JIRA_HOST changes to the gateway', async () => {
    const w = await world();
    const before = await startMaro(w);
    await said(w, 'track PLAT-1');
    await before.stop();
    const gateway = { JIRA_HOST: w.jira.gatewayUrl, JIRA_API_TOKEN: w.jira.scopedToken };
    const first = await startMaro(w, gateway);
    assert.equal(await said(w, 'track PLAT-1'), 'PLAT-1: tracked already');
    await first.stop();
    w.jira.rename('https://new.atlassian.net');
    await startMaro(w, gateway);
    assert.equal(await said(w, `track ${w.jira.url}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.equal(await said(w, 'track https://new.atlassian.net/browse/PLAT-1'), 'PLAT-1: tracked already');
    assert.deepEqual((await type(w, 'tracked')).links, ['https://new.atlassian.net/browse/PLAT-1']);
    assert.deepEqual(await stored(w), ['C1 PLAT-1']);
  });

  test('whose JIRA_CLOUD_ID was added is known by it when all its addresses are new', async () => {
    const w = await world();
    const JIRA_CLOUD_ID = '11223344-a1b2-4c33-8444-def123456789';
    for (const more of [{}, { JIRA_CLOUD_ID }]) {
      const maro = await startMaro(w, more);
      await said(w, 'track PLAT-1');
      await maro.stop();
    }
    w.jira.rename(renamed(w));
    await startMaro(w, { JIRA_CLOUD_ID, JIRA_HOST: renamed(w) });
    assert.equal(await said(w, `track ${w.jira.url}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.deepEqual((await type(w, 'tracked')).links, [`${renamed(w)}/browse/PLAT-1`]);
    assert.deepEqual(await stored(w), ['C1 PLAT-1']);
  });

  test('with a custom domain is one site at both addresses, and people get links to the custom domain', async () => {
    const w = await world();
    await startMaro(w, {}, EAGER);
    assert.deepEqual((await type(w, 'track PLAT-1')).links, [`${w.jira.url}/browse/PLAT-1`]);
    w.jira.customDomain = CUSTOM;
    assert.equal(await said(w, `track ${CUSTOM}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.equal(await said(w, `track ${w.jira.url}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.deepEqual((await type(w, 'tracked')).links, [`${CUSTOM}/browse/PLAT-1`]);
    const { outputs } = await w.slack.step('list', { channel_id: 'C1' }).finished;
    assert.match(String(outputs.text), new RegExp(`${CUSTOM}/browse/PLAT-1$`));
    const { links } = await type(w, `untrack ${CUSTOM}/browse/PLAT-1`);
    assert.deepEqual(links, [`${CUSTOM}/browse/PLAT-1`]);
  });

  test('that two processes know by different addresses has one row, whichever of them writes', async () => {
    const w = await world();
    await Promise.all([
      startMaro(w),
      startMaro(w, { JIRA_HOST: w.jira.gatewayUrl, JIRA_API_TOKEN: w.jira.scopedToken }),
    ]);
    for (let n = 1; n <= 6; n++) await said(w, `track PLAT-1 PLAT-${n}`);
    assert.equal((await stored(w)).length, 6);
    const sites = await rows(w.databaseUrl, 'select * from jira_sites');
    assert.equal(sites.length, 1);
  });

  test('of another company on the same database is another site, whatever happens to this one', async () => {
    const acme = await world();
    const globex = await world({ team: { id: 'T0GLOBEX', domain: 'globex', name: 'Globex' } });
    const shared = { DATABASE_URL: acme.databaseUrl, JIRA_HOST: acme.jira.url };
    globex.jira = acme.jira;
    await Promise.all([startMaro(acme, {}, EAGER), startMaro(globex, shared)]);
    for (const w of [acme, globex]) await said(w, 'track PLAT-1');
    acme.jira.rename(renamed(acme));
    assert.equal(await said(acme, `track ${renamed(acme)}/browse/PLAT-1`), 'PLAT-1: tracked already');
    assert.deepEqual((await type(acme, 'tracked')).links, [`${renamed(acme)}/browse/PLAT-1`]);
    assert.deepEqual((await type(globex, 'tracked')).links, [`${acme.jira.url}/browse/PLAT-1`]);
  });
});
