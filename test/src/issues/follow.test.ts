import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { type Jira, startJira } from '../../../sandbox/jira/index.ts';
import { follow } from '../../../src/issues/follow.ts';
import { startFollowing } from '../../../src/issues/following.ts';
import { delta, type SyncDeps } from '../../../src/issues/sync.ts';
import type { Context } from '../../../src/services.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { connect, makeDatabase, open } from '../tracker/example.ts';
import { makeInstallation } from './installation.ts';

const QUERY = { kind: 'sprint' as const, words: 'Sprint 12' };
const BEFORE = ['PLAT-20', 'PLAT-3', 'PLAT-5', 'SHOP-5'];
const AFTER = ['PLAT-20', 'PLAT-5', 'PLAT-9', 'SHOP-5'];

let sql: ReturnType<typeof connect>;
let tracker: Tracker;
before(async () => {
  const url = await makeDatabase();
  sql = connect(url);
  tracker = await open(url);
});

describe('following queries by the clock', () => {
  let jira: Jira;
  let deps: SyncDeps;
  let logged: string[];
  beforeEach(async () => {
    jira = await startJira();
    jira.index.lagMs = 0;
    deps = installation();
  });
  afterEach(() => jira.stop());

  function installation(options: Parameters<typeof makeInstallation>[2] = {}): SyncDeps {
    const made = makeInstallation(jira, tracker, options);
    logged = made.logged;
    return made.deps;
  }

  const contextOf = (operation: string, services = deps.services) =>
    ({ tenant: deps.tenant, door: 'button', operation, services }) as unknown as Context;
  const start = (channel = 'C1', query: Parameters<typeof startFollowing>[0] = QUERY) =>
    startFollowing(query, { channel, user: 'U1' }, contextOf(randomUUID()));
  const makeDue = () => sql`update follows set asked_at = null where tenant_id = ${deps.tenant}`;
  async function listed(channel = 'C1'): Promise<string[]> {
    const where = { tenant: deps.tenant, channel, category: undefined, limit: 1_000, offset: 0 };
    return (await tracker.list(where)).issues.map(({ key }) => key).sort();
  }
  async function told(): Promise<string[]> {
    const asked = { tenant: deps.tenant, channel: 'C1', projects: [], limit: 1_000 };
    const { changes } = await tracker.changes({ ...asked, since: { kind: 'time', at: new Date(0) } });
    return changes.map(({ key, what }) => `${key} ${what}`).sort();
  }
  function change(): void {
    jira.issues.edit('PLAT-3', { sprint: null });
    jira.issues.edit('PLAT-9', { sprint: 'Sprint 12' });
  }

  /** The services of a process that dies at its `nth` call of any of them, when the call is made or when it has been answered. */
  function dying(nth: number, when: 'before' | 'after'): SyncDeps['services'] & { calls(): number } {
    let calls = 0;
    const wrapped = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(of, name, receiver) {
          const value = Reflect.get(of, name, receiver);
          if (typeof value !== 'function') return value;
          return async (...given: unknown[]) => {
            const dies = ++calls === nth;
            if (dies && when === 'before') throw new Died();
            const result = await Reflect.apply(value, of, given);
            if (dies) throw new Died();
            return result;
          };
        },
      });
    const { services } = deps;
    return { ...services, jira: wrapped(services.jira), tracker: wrapped(services.tracker), calls: () => calls };
  }
  class Died extends Error {}

  test('asks Jira once for ten channels that follow one query', async () => {
    for (let n = 1; n <= 10; n++) await start(`C${n}`);
    change();
    await makeDue();
    jira.resetRequests();
    await follow(deps);
    assert.deepEqual([jira.count('search'), jira.count('bulkfetch'), jira.count()], [1, 1, 2]);
    for (let n = 1; n <= 10; n++) assert.deepEqual(await listed(`C${n}`), AFTER);
    await makeDue();
    jira.resetRequests();
    await follow(deps);
    assert.equal(jira.count(), 1, 'nothing has changed');
    await follow(deps);
    assert.equal(jira.count(), 1, 'nothing is due');
  });

  test('asks in the minute in which the delta has seen a change', async () => {
    await start();
    await delta(deps);
    await follow(deps);
    jira.resetRequests();
    await follow(deps);
    assert.equal(jira.count(), 0);
    change();
    await delta(deps);
    await follow(deps);
    assert.deepEqual(await listed(), AFTER);
  });

  test('takes pages of any size', async () => {
    jira.mostAPage = 1;
    await start();
    change();
    await makeDue();
    await follow(deps);
    assert.deepEqual(await listed(), AFTER);
  });

  for (const when of ['before', 'after'] as const) {
    test(`ends the same when a process dies ${when} any of its calls`, async () => {
      for (let nth = 1; ; nth++) {
        deps = installation();
        jira.issues.edit('PLAT-3', { sprint: 'Sprint 12' });
        jira.issues.edit('PLAT-9', { sprint: null });
        await start();
        assert.deepEqual(await listed(), BEFORE);
        change();
        await makeDue();
        const services = dying(nth, when);
        const died = await follow({ ...deps, services }).then(
          () => false,
          (error: unknown) => error instanceof Died || assert.fail(String(error)),
        );
        await makeDue();
        await follow(deps);
        assert.deepEqual(await listed(), AFTER);
        assert.deepEqual(await told(), [
          ...['PLAT-20 joined', 'PLAT-3 left', 'PLAT-5 joined', 'PLAT-9 joined', 'SHOP-5 joined'],
        ]);
        if (!died) {
          assert.ok(services.calls() >= 5, 'every call was the last of some process');
          break;
        }
      }
    });

    test(`begins once when a process dies ${when} any of its calls`, async () => {
      for (let nth = 1; ; nth++) {
        deps = installation();
        const operation = randomUUID();
        const pressed = { channel: 'C1', user: 'U1' };
        const services = dying(nth, when);
        const died = await startFollowing(QUERY, pressed, contextOf(operation, services as never)).then(
          () => false,
          (error: unknown) => error instanceof Died || assert.fail(String(error)),
        );
        const sentence = await startFollowing(QUERY, pressed, contextOf(operation));
        assert.equal(sentence, 'This channel now follows Sprint 12, which has 4 issues on the list.');
        assert.deepEqual(await listed(), BEFORE);
        assert.equal((await told()).length, 4);
        if (!died) break;
      }
    });
  }

  test('keeps the list while Jira does not answer, and goes on with the others', async () => {
    await start('C1');
    await start('C2', { kind: 'epic', words: 'PLAT-8' });
    await makeDue();
    jira.issues.edit('PLAT-9', { parent: null });
    jira.trouble('search', { kind: 'server_error', status: 503 });
    await follow(deps);
    assert.deepEqual(await listed('C2'), ['PLAT-10', 'PLAT-9']);
    jira.trouble('search', undefined);
    await follow(deps);
    await makeDue();
    await follow(deps);
    assert.deepEqual([await listed('C1'), await listed('C2')], [BEFORE, ['PLAT-10']]);
  });

  test('brings nothing of a project that JIRA_PROJECTS leaves out', async () => {
    deps = installation({ projects: ['SHOP'] });
    await start();
    await start('C2', { kind: 'jql', words: 'statusCategory != Done' });
    assert.deepEqual(await listed(), ['SHOP-5']);
    assert.ok((await listed('C2')).every((key) => key.startsWith('SHOP-')));
  });

  test('writes no query and no name into the log', async () => {
    await start('C1', { kind: 'jql', words: 'text ~ "secret words"' });
    jira.trouble('search', { kind: 'no_fields' });
    await makeDue();
    await follow(deps);
    jira.trouble('search', { kind: 'server_error', status: 500 });
    await makeDue();
    await follow(deps);
    assert.ok(logged.length > 0);
    assert.doesNotMatch(logged.join(''), /secret/);
  });
});
