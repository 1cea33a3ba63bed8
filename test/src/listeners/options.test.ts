import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { SlackOptions } from '../../../sandbox/slack/index.ts';
import { readManifest, variantOf } from '../../../src/manifest.ts';
import { type Maro, startMaro, type World, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

const manifest = variantOf(await readManifest(), { dynamic: true }) as unknown as SlackOptions['manifest'];

const INCIDENT = {
  customfield_10040: 'E-42 &amp; more',
  customfield_10041: 'Nobody can pay, <@U0BEN> says',
  customfield_10042: 'a nuisance',
  customfield_10043: 'Europe, asia',
  customfield_10044: '12.5',
  customfield_10045: '2026-11-14',
  customfield_10046: 'Aisha Rahman',
};

for (const transport of ['socket', 'http'] as const) {
  describe(`over ${transport}, a menu in Workflow Builder`, () => {
    let w: World;
    let maro: Maro;
    before(async () => {
      w = await world({ manifest, transport });
      maro = await startMaro(w, {}, { deadlineMs: 10_000 });
    });
    afterEach(() => {
      for (const endpoint of ['all', 'search', 'fields'] as const) w.jira.trouble(endpoint, undefined);
      assert.deepEqual(w.slack.refusals.splice(0), []);
    });

    const options = async (callback_id: string, parameter: string, inputs: object = {}, query = '') => {
      const offered = await w.slack.options({ callback_id, parameter, inputs: { ...inputs }, query });
      return offered.map(({ text, value }) => `${value} ${text.text}`);
    };
    const asked = () => w.slack.log.filter((entry) => entry.kind === 'delivery').length;

    test('offers the projects, by name and by what is typed', async () => {
      const all = ['OPS Operations (OPS)', 'PLAT Platform (PLAT)', 'SHOP Webshop (SHOP)'];
      assert.deepEqual(await options('create_ticket', 'project'), all);
      assert.deepEqual(await options('create_stories', 'project', {}, 'web'), ['SHOP Webshop (SHOP)']);
      assert.deepEqual(await options('create_ticket', 'project', {}, 'nothing like it'), []);
    });

    test('offers the types of the chosen project, and none before one is chosen', async () => {
      const types = ['10010 Epic', '10011 Story', '10012 Aufgabe', '10013 Fehler', '10014 Unteraufgabe'];
      assert.deepEqual(await options('create_ticket', 'issue_type', { project: 'SHOP' }), types);
      assert.deepEqual(await options('create_ticket', 'issue_type', { project: 'SHOP' }, 'feh'), ['10013 Fehler']);
      assert.deepEqual(await options('create_ticket', 'issue_type'), []);
    });

    test('offers the epics of the chosen project that are not done, by key and by summary', async () => {
      assert.deepEqual(await options('create_stories', 'epic_key', { project: 'SHOP' }), [
        'SHOP-1 SHOP-1 Bezahlen in zwei Schritten',
      ]);
      assert.deepEqual(await options('create_stories', 'epic_key', { project: 'PLAT' }, 'SEARCH'), [
        'PLAT-8 PLAT-8 Search that answers while you type',
      ]);
      assert.deepEqual(await options('create_stories', 'epic_key'), []);
    });

    test('asks for the fields that Jira requires of the chosen project and type, with a hint at each', async () => {
      const ask = (issue_type?: string) =>
        w.slack.options({
          callback_id: 'create_ticket',
          parameter: 'required_fields',
          inputs: { project: 'OPS', issue_type },
        });
      const fields = await ask('10021');
      assert.deepEqual(
        fields.map(({ text }) => text.text),
        ['Error code', 'What customers see', 'Severity', 'Regions', 'Customers affected', 'Since', 'On call'],
      );
      assert.deepEqual(fields[2], {
        text: { type: 'plain_text', text: 'Severity' },
        value: 'customfield_10042',
        description: { type: 'plain_text', text: 'One of: Nobody can work, Some cannot work, A nuisance' },
      });
      assert.deepEqual(await ask('Incident'), fields, 'a type by its name is the same');
      assert.deepEqual(await ask(), fields, 'and so is no type, in a project where it is the usual one');
      assert.deepEqual(await ask('Task'), []);
      assert.deepEqual(await ask('No such type'), []);
    });

    test('is answered without the ledger: nothing of it is kept', async () => {
      await options('create_ticket', 'project');
      assert.deepEqual(
        await rows(w.databaseUrl, "select run_id from runs where inputs->>'callback_id' like '%options'"),
        [],
      );
    });

    test('says in a sentence that Jira is away, and offers epics again when it is back', async () => {
      w.jira.trouble('all', { kind: 'unauthorized' });
      await assert.rejects(options('create_stories', 'epic_key', { project: 'OPS' }), {
        error: 'options_failed',
        why: /^Jira /,
      });
      w.jira.trouble('all', undefined);
      assert.deepEqual(await options('create_stories', 'epic_key', { project: 'OPS' }), [
        'OPS-1 OPS-1 Two data centres instead of one',
      ]);
    });

    test('says within the time that Slack waits that Jira is slow', async () => {
      const before = asked();
      w.jira.trouble('search', { kind: 'latency', ms: 4_000 });
      await assert.rejects(options('create_stories', 'epic_key', { project: 'OPS' }), {
        error: 'options_failed',
        why: 'Jira is slow, so there’s nothing to choose from yet. Open the menu again in a moment.',
      });
      assert.equal(asked() - before, 1, 'the event was acknowledged, and came once');
    });

    test('says of a project that is none, or that Maro may not see, that it is not there', async () => {
      for (const project of ['no key', 'HR', 'NOPE']) {
        await assert.rejects(options('create_ticket', 'issue_type', { project }), {
          error: 'options_failed',
          why: /not a project key|create issues in/,
        });
      }
    });

    test('fills a ticket with the fields that were filled in, whichever way their values are written', async () => {
      const inputs = {
        project: 'OPS',
        issue_type: '10021',
        summary: `By fields over ${transport}`,
        required_fields: INCIDENT,
      };
      const { outputs, error } = await w.slack.step('create_ticket', inputs).finished;
      assert.equal(error, undefined);
      assert.deepEqual([outputs.created, outputs.skipped], [true, '']);
      const body = w.jira.requests.findLast(({ endpoint }) => endpoint === 'create')?.body as { fields: object };
      const { name } = w.slack.workspace.users.find(({ id }) => id === 'U0BEN') ?? assert.fail();
      assert.deepEqual(
        Object.entries(body.fields).filter(([id]) => id.startsWith('customfield')),
        Object.entries({
          customfield_10040: 'E-42 & more',
          customfield_10041: {
            type: 'doc',
            version: 1,
            content: [{ type: 'paragraph', content: [{ type: 'text', text: `Nobody can pay, @${name} says` }] }],
          },
          customfield_10042: { id: '10302' },
          customfield_10043: [{ id: '10310' }, { id: '10311' }],
          customfield_10044: 12.5,
          customfield_10045: '2026-11-14',
          customfield_10046: { accountId: '712020:8f2e1c44-1d0b-4f4e-9a53-5a1f0c6b7d21' },
        }),
      );
    });

    test('fills fields of every kind that Jira may require', async () => {
      const required_fields = {
        priority: 'high',
        labels: 'network, night',
        components: 'Network',
        fixVersions: '2026.12, 2027.1',
        'Change ticket': 'CHG-1',
        'Affected systems': 'mail',
        Starts: '2026-11-30 14:00',
        Crew: 'Aisha Rahman, Yuki Tanaka',
        'Data center and rack': 'Frankfurt › Rack 2',
      };
      const inputs = { project: 'OPS', issue_type: 'Maintenance', summary: 'All kinds', required_fields };
      const { outputs, error } = await w.slack.step('create_ticket', inputs).finished;
      assert.deepEqual([error, outputs.created, outputs.skipped], [undefined, true, '']);
      const names = await w.slack.options({ callback_id: 'create_ticket', parameter: 'required_fields', inputs });
      assert.equal(names.length, Object.keys(required_fields).length);
    });

    test('fills every story with the required fields', async () => {
      const stories = `One over ${transport}\nTwo over ${transport}`;
      const { outputs, error } = await w.slack.step('create_stories', {
        project: 'OPS',
        stories,
        required_fields: INCIDENT,
      }).finished;
      assert.deepEqual([error, outputs.count, outputs.skipped], [undefined, 2, '']);
    });

    for (const [field, value, sentence] of [
      [
        'customfield_10042',
        'Terrible',
        /Severity has no option “Terrible”. Choose one of these: Nobody can work, Some cannot work, A nuisance\./,
      ],
      [
        'customfield_10043',
        'Europe, Mars',
        /Regions has no option “Mars”. Choose one of these: Europe, Asia, Americas\./,
      ],
      ['customfield_10044', 'a lot', /Customers affected takes a number, not “a lot”\./],
      ['customfield_10045', 'yesterday', /Since takes a date like 2026-11-30, not “yesterday”\./],
      ['customfield_10046', 'Nobody', /On call: Jira has nobody named “Nobody” in OPS\./],
    ] as const) {
      test(`creates nothing with ${JSON.stringify(value)} in a field, and says why`, async () => {
        const required_fields = { ...INCIDENT, [field]: value };
        const inputs = { project: 'OPS', summary: 'Not created', required_fields };
        const { error } = await w.slack.step('create_ticket', inputs).finished;
        assert.match(error ?? '', sentence);
      });
    }

    test('leaves out a field that Jira does not require any more, and says so', async () => {
      const inputs = {
        project: 'PLAT',
        issue_type: '10002',
        summary: `Left over ${transport}`,
        required_fields: INCIDENT,
      };
      const { outputs } = await w.slack.step('create_ticket', inputs).finished;
      assert.equal(outputs.created, true);
      assert.match(
        String(outputs.skipped),
        /^customfield_10040, .*: left out, because Task in PLAT doesn’t require it\.$/,
      );
    });

    test('offers the fields of an issue that Maro can set, and the step sets them', async () => {
      const ask = (issue_key?: string) => options('update_issue', 'fields_to_set', { issue_key });
      const fields = await ask(' ops-2');
      assert.ok(fields.includes('customfield_10042 Severity'), fields.join());
      assert.deepEqual(
        fields.filter((field) => /^(summary|priority|labels|duedate) /.test(field)),
        [],
        'these have inputs of their own',
      );
      assert.deepEqual(await ask(), []);
      for (const [key, why] of [
        [
          '{{issue}}',
          /^Fill in the key of an issue, such as PLAT-12, to see which fields Maro can set\. .*not an issue key/,
        ],
        ['OPS-4711', /^There’s no such issue, or Maro can’t see it\.$/],
      ] as const) {
        await assert.rejects(ask(key), { error: 'options_failed', why });
      }
      const set = async (fields_to_set: object) =>
        w.slack.step('update_issue', { issue_key: 'OPS-2', priority: 'High', fields_to_set }).finished;
      const { outputs, error } = await set({ customfield_10042: 'a nuisance', Regions: 'asia', customfield_10041: '' });
      assert.deepEqual([error, outputs.changes], [undefined, 'Severity, Regions, priority High']);
      const body = w.jira.requests.findLast(({ endpoint }) => endpoint === 'edit')?.body as { fields: object };
      const values = { customfield_10042: { id: '10302' }, customfield_10043: [{ id: '10311' }] };
      assert.deepEqual(body.fields, { ...values, priority: { id: '2' } });
      w.jira.resetRequests();
      for (const [given, why] of [
        [{ Severity: 'Terrible' }, /^OPS-2 wasn’t changed\. Severity has no option “Terrible”\./],
        [{ 'On call': 'Nobody' }, /^OPS-2 wasn’t changed\. On call: Jira has nobody named “Nobody” in OPS-2\.$/],
        [{ 'No such field': 'x' }, /^OPS-2 wasn’t changed\. Maro can’t set the field “No such field”\.$/],
      ] as const) {
        assert.match((await set(given)).error ?? '', why);
      }
      assert.equal(w.jira.count('edit'), 0);
    });

    test('leaves no trace of what people wrote in the log', () =>
      assert.ok(!maro.written().includes('Nobody can pay')));
  });
}
