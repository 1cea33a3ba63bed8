import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSite } from '../../../src/jira/site.ts';
import type { KnownSite, ReportedSite } from '../../../src/site.ts';

const OLD = 'https://old.atlassian.net';
const NEW = 'https://new.atlassian.net';
const NEVER = Number.POSITIVE_INFINITY;

/** A site that Jira reports at `is.at`, and what was asked and logged. */
function site(ages?: { forUnknownHost: number; always: number }) {
  const is = { at: OLD, trouble: undefined as Error | undefined, readings: 0 };
  const log: string[] = [];
  const had = new Set<string>();
  const read = async (): Promise<ReportedSite> => {
    is.readings += 1;
    if (is.trouble !== undefined) throw is.trouble;
    return { cloudId: undefined, url: is.at, own: [is.at], others: [] };
  };
  const remember = async ({ own }: ReportedSite): Promise<KnownSite> => {
    for (const address of own) had.add(address);
    return { id: OLD, addresses: [...had] };
  };
  return { is, log, ...createSite(read, remember, { warn: (_, message) => void log.push(message) }, ages) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the site', () => {
  test('is read once, also by many at once, and again after it could not be read', async () => {
    const { is, get } = site();
    is.trouble = new Error('down');
    for (const one of [get(), get()]) await assert.rejects(one, { message: 'down' });
    is.trouble = undefined;
    assert.deepEqual(new Set((await Promise.all([get(), get(), get()])).map(({ url }) => url)), new Set([OLD]));
    assert.equal(is.readings, 2);
  });

  test('is read again in the background when the last reading is old, and nobody waits for that', async () => {
    const { is, get, log } = site({ always: 0, forUnknownHost: NEVER });
    await get();
    is.at = NEW;
    assert.equal((await get()).url, OLD);
    await settled();
    const { url, id, addresses } = await get();
    assert.deepEqual([url, id, addresses], [NEW, OLD, [OLD, NEW]]);
    await settled();
    is.trouble = new Error('down');
    assert.equal((await get()).url, NEW);
    await settled();
    assert.deepEqual([(await get()).url, log], [NEW, ['the site could not be stored']]);
  });

  test('is read again for a host that it does not have, once for all links at once', async () => {
    const { is, get, has } = site({ always: NEVER, forUnknownHost: 0 });
    assert.equal(await has('old.atlassian.net'), true);
    assert.equal(is.readings, 1);
    is.at = NEW;
    const links = ['old.atlassian.net', 'new.atlassian.net', 'other.example', 'github.com', 'new.atlassian.net:8443'];
    assert.deepEqual(await Promise.all(links.map(has)), [true, true, false, false, false]);
    assert.deepEqual([is.readings, (await get()).url], [2, NEW]);
    assert.equal(await has('old.atlassian.net'), true);
    assert.equal(is.readings, 2);
  });

  test('is not read again for a host when it was read a moment ago, however many links come', async () => {
    const { is, has } = site();
    for (let n = 0; n < 100; n++) assert.equal(await has(`${n}.example`), false);
    assert.equal(is.readings, 1);
  });

  test('is waited for when it is being read as a link with an unknown host comes', async () => {
    const { is, get, has } = site({ always: 0, forUnknownHost: NEVER });
    await get();
    is.at = NEW;
    assert.equal(await has('new.atlassian.net'), true);
  });

  test('that cannot be read again leaves open whose a link is', async () => {
    const { is, get, has } = site({ always: NEVER, forUnknownHost: 0 });
    await get();
    is.trouble = new Error('down');
    await assert.rejects(has('new.atlassian.net'), { message: 'down' });
    assert.equal(await has('old.atlassian.net'), true);
  });
});
