import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { CustomField } from '../../../sandbox/jira/field.ts';
import { type Jira as Site, startJira } from '../../../sandbox/jira/index.ts';
import { seed } from '../../../sandbox/jira/seed.ts';
import { defaultType, epicType } from '../../../src/jira/issue-type.ts';
import type { Projects } from '../../../src/jira/projects.ts';
import type { Known } from '../../../src/jira/reading.ts';
import { clientOf, known, said, startClient } from './ask.ts';

const keys = (found: Known<Projects>) => known(found).projects.map(({ key }) => key);

describe('the types of a project', { concurrency: true }, () => {
  test('come in its order, under the names that it gives them', async (t) => {
    const { jira } = await startClient(t);
    const types = known(await jira.issueTypes('SHOP'));
    assert.deepEqual(types[1], { id: '10011', name: 'Story', subtask: false, hierarchyLevel: 0 });
    assert.deepEqual(
      types.map(({ name }) => name),
      ['Epic', 'Story', 'Aufgabe', 'Fehler', 'Unteraufgabe'],
    );
  });

  test('are known by their levels and never by their names', async (t) => {
    const { jira } = await startClient(t);
    const types = known(await jira.issueTypes('ops'));
    assert.deepEqual([defaultType(types)?.name, epicType(types)?.name], ['Incident', 'Programme']);
    const odd = [
      { id: '1', name: 'Task', subtask: false, hierarchyLevel: 2 },
      { id: '2', name: 'Story', subtask: true, hierarchyLevel: -1 },
    ];
    assert.deepEqual([defaultType(odd), epicType(odd), defaultType([])], [undefined, undefined, undefined]);
  });

  test('are all there, however many Jira puts on a page', async (t) => {
    const { site, jira } = await startClient(t);
    site.mostAPage = 2;
    assert.equal(known(await jira.issueTypes('SHOP')).length, 5);
    assert.equal(site.count('issueTypes'), 3);
  });

  test('are none of a project that is missing, hidden, not allowed or no project', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT', 'HR', 'NOPE'] });
    const asked = ['NOPE', 'HR', 'SHOP', '../PLAT', 'PLAT/issuetypes/1?', '', 'ſHOP'];
    const answers = await Promise.all(asked.map((project) => jira.issueTypes(project)));
    assert.deepEqual(answers.map(said), ['not found', 'not found', 'not allowed', ...Array(4).fill('not found')]);
    assert.equal(site.count(), 2);
  });
});

describe('the fields that a type requires', { concurrency: true }, () => {
  test('are of the kinds that a form knows, without those that have a default', async (t) => {
    const { jira } = await startClient(t);
    const fields = known(await jira.fields('OPS', '10021'));
    assert.deepEqual(
      fields.map(({ name, kind }) => `${name}: ${kind}`),
      [
        'Error code: text',
        'What customers see: paragraph',
        'Severity: single_select',
        'Regions: multi_select',
        'Customers affected: number',
        'Since: date',
        'On call: person',
      ],
    );
    assert.deepEqual(fields[3], {
      id: 'customfield_10043',
      name: 'Regions',
      kind: 'multi_select',
      options: [
        { id: '10310', name: 'Europe' },
        { id: '10311', name: 'Asia' },
        { id: '10312', name: 'Americas' },
      ],
    });
    assert.deepEqual(said(await jira.fields('OPS', '10022')), []);
    assert.deepEqual(said(await jira.fields('PLAT', '10003')), []);
    assert.deepEqual(said(await jira.fields('PLAT', '10004')), [{ id: 'parent', name: 'Parent', kind: 'parent' }]);
  });

  test('have details beside them, as far as the type has any', async (t) => {
    const { jira } = await startClient(t);
    const details = async (type: string) =>
      known(await jira.details('OPS', type)).map(({ id, kind }) => `${id}: ${kind}`);
    const all = ['assignee: person', 'priority: single_select', 'labels: labels', 'parent: parent'];
    assert.deepEqual(await details('10022'), all);
    assert.deepEqual(await details('10025'), ['assignee: person', 'parent: parent']);
    assert.deepEqual(await details('10020'), all.slice(0, 3));
    assert.equal(said(await jira.details('PLAT', '10022')), 'not found');
  });

  test('are of kinds that follow from their values, whichever app they are from', async (t) => {
    const { jira } = await startClient(t);
    const fields = known(await jira.fields('OPS', '10025'));
    assert.deepEqual(
      fields.map(({ name, kind }) => `${name}: ${kind}`),
      [
        'Priority: single_select',
        'Labels: labels',
        'Components: multi_select',
        'Fix versions: multi_select',
        'Change ticket: text',
        'Affected systems: labels',
        'Starts: datetime',
        'Crew: people',
        'Data center and rack: cascading_select',
      ],
    );
    assert.deepEqual(fields.at(-1), {
      id: 'customfield_10054',
      name: 'Data center and rack',
      kind: 'cascading_select',
      options: [
        { id: '10320', name: 'Frankfurt' },
        { id: '10320/10321', name: 'Frankfurt › Rack 1' },
        { id: '10320/10322', name: 'Frankfurt › Rack 2' },
        { id: '10323', name: 'Oslo' },
      ],
    });
    assert.deepEqual(said(await jira.fields('OPS', '10020')), [
      { id: 'customfield_10011', name: 'Epic Name', kind: 'epic_name' },
    ]);
    const [sprint] = known(await jira.fields('OPS', '10023'));
    assert.deepEqual(sprint, { id: 'customfield_10020', name: 'Sprint', kind: 'other' });
  });

  test('are all there, however many Jira puts on a page', async (t) => {
    const { site, jira } = await startClient(t);
    site.mostAPage = 7;
    assert.equal(known(await jira.fields('OPS', '10021')).length, 7);
    assert.equal(site.count('fields'), 3);
  });

  test('are none of a type that the project lacks, or that is no type', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(
      await Promise.all(['10013', 'Bug', '1/../..', ''].map((type) => jira.fields('PLAT', type).then(said))),
      Array(4).fill('not found'),
    );
    assert.equal(site.count(), 1);
  });

  test('of other kinds, and selects without options, cannot be asked for', async (t) => {
    const fields = (['gh-sprint', 'grouppicker', 'cascadingselect'] as const).map((type, i): CustomField => {
      return { id: `customfield_1006${i}`, name: type, type, required: true };
    });
    const empty: CustomField = {
      id: 'customfield_10070',
      name: 'No options',
      type: 'select',
      required: true,
      options: [],
    };
    const [platform] = seed.projects;
    const types = [{ id: '1', name: 'Odd', hierarchyLevel: 0 as const, fields: [...fields, empty] }];
    const projects = [{ ...(platform ?? assert.fail()), types }];
    const site = await startJira({
      seed: { ...seed, projects, issues: [], parents: {}, planned: {}, moved: {}, forbidden: [] },
    });
    t.after(() => site.stop());
    const read = known(await clientOf(site).jira.fields('PLAT', '1'));
    assert.deepEqual(
      read.map(({ kind }) => kind),
      Array(4).fill('other'),
    );
  });
});

describe('projects', { concurrency: true }, () => {
  /** A site with so many projects. */
  async function withMany(count: number): Promise<Site> {
    const [platform] = seed.projects;
    const projects = Array.from({ length: count }, (_, i) => ({
      ...(platform ?? assert.fail()),
      id: String(20_000 + i),
      key: `P${i}`,
      name: `Team ${String(i).padStart(3, '0')}`,
    }));
    return await startJira({
      seed: { ...seed, projects, issues: [], parents: {}, planned: {}, moved: {}, forbidden: [] },
    });
  }

  test('are found by any part of key or name, all with one call where there are few', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(known(await jira.projects()), {
      projects: [
        { id: '10002', key: 'OPS', name: 'Operations' },
        { id: '10000', key: 'PLAT', name: 'Platform' },
        { id: '10001', key: 'SHOP', name: 'Webshop' },
      ],
      complete: true,
    });
    assert.deepEqual(keys(await jira.projects(' OP ')), ['OPS', 'SHOP']);
    assert.deepEqual(keys(await jira.projects('platf')), ['PLAT']);
    assert.deepEqual(keys(await jira.projects('personnel')), []);
    assert.equal(site.count(), 1);
  });

  test('beyond a hundred are asked for by what was typed', async (t) => {
    const site = await withMany(250);
    t.after(() => site.stop());
    const { jira } = clientOf(site);
    const all = known(await jira.projects());
    assert.deepEqual([all.projects.length, all.complete], [100, false]);
    assert.deepEqual(keys(await jira.projects('p249')), ['P249']);
    assert.deepEqual(keys(await jira.projects('P249 ')), ['P249']);
    assert.equal(site.count('projects'), 2);
  });

  test('are found by the whole key, too, however many others match it', async (t) => {
    const [platform] = seed.projects;
    const projects = Array.from({ length: 150 }, (_, i) => ({
      ...(platform ?? assert.fail()),
      ...{ id: String(20_000 + i), key: i === 149 ? 'IT' : `P${i}`, name: `Unit ${String(i).padStart(3, '0')} IT` },
    }));
    const site = await startJira({
      seed: { ...seed, projects, issues: [], parents: {}, planned: {}, moved: {}, forbidden: [] },
    });
    t.after(() => site.stop());
    const { jira } = clientOf(site);
    assert.ok(!keys(await jira.projects('IT')).includes('IT'));
    assert.equal(known(await jira.project('IT'))?.name, 'Unit 149 IT');
    assert.equal(known(await jira.project('NONE')), undefined);
    site.resetRequests();
    assert.equal(known(await jira.project('IT'))?.key, 'IT');
    assert.equal(site.count(), 0);
  });

  test('are those of JIRA_PROJECTS that there are, however many', async (t) => {
    const site = await withMany(130);
    t.after(() => site.stop());
    const projects = Array.from({ length: 120 }, (_, i) => `P${i + 20}`);
    const { jira } = clientOf(site, { projects });
    const all = known(await jira.projects());
    assert.deepEqual([all.projects.length, all.complete], [110, true]);
    assert.deepEqual(
      keys(await jira.projects('p2')),
      Array.from({ length: 10 }, (_, i) => `P${i + 20}`),
    );
    assert.equal(site.count('projects'), 3);
  });
});

describe('what is known for ten minutes', { concurrency: true }, () => {
  test('is asked for once, also by many people at once', async (t) => {
    const { site, jira } = await startClient(t);
    for (let round = 0; round < 2; round++) {
      await Promise.all(
        Array.from({ length: 20 }, () => [
          jira.projects(),
          jira.projects('sh'),
          jira.issueTypes('OPS'),
          jira.issueTypes('ops'),
          jira.fields('OPS', '10021'),
          jira.fields('OPS', '10022'),
        ]).flat(),
      );
      assert.deepEqual([site.count('projects'), site.count('issueTypes'), site.count('fields')], [1, 1, 2]);
    }
  });

  test('is asked for again after trouble, and after it was not found', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('all', { kind: 'html', times: 3 });
    const asked = () => Promise.all([jira.projects(), jira.issueTypes('OPS'), jira.fields('OPS', '10021')]);
    assert.deepEqual((await asked()).map(said), Array(3).fill('unreadable'));
    for (const answer of await asked()) assert.equal(answer.state, 'known');
    await jira.issueTypes('NOPE');
    site.resetRequests();
    await jira.issueTypes('NOPE');
    assert.equal(site.count('issueTypes'), 1);
  });

  test('of a project is forgotten when Jira refuses an issue there, since it may be why', async (t) => {
    const { site, jira } = await startClient(t);
    const ask = async () => {
      site.resetRequests();
      await Promise.all(['OPS', 'PLAT'].map((project) => jira.issueTypes(project)));
      await jira.fields('OPS', '10021');
      return [site.count('issueTypes'), site.count('fields')];
    };
    assert.deepEqual(await ask(), [2, 1]);
    const issue = { project: 'OPS', type: '10021', summary: 'x' };
    assert.equal((await jira.create(issue, 'r1')).state, 'refused');
    assert.deepEqual(await ask(), [1, 1]);
    assert.equal(site.count('projects'), 0);
    await jira.createMany([issue], 'r2');
    assert.deepEqual(await ask(), [1, 1]);
    await jira.create({ ...issue, type: '10022' }, 'r3');
    assert.deepEqual(await ask(), [0, 0]);
  });
});

describe('a project or a type that is deactivated', { concurrency: true }, () => {
  const [bug, task] = ['10003', '10002'];
  const issue = { project: 'PLAT', type: bug, summary: 'x' };

  /** A client that knows the projects, and the types and the fields of PLAT. */
  async function knowing(t: TestContext) {
    const [platform, ...others] = seed.projects;
    const project = { ...(platform ?? assert.fail()) };
    const site = await startJira({ seed: { ...seed, projects: [project, ...others] } });
    t.after(() => site.stop());
    const { jira } = clientOf(site);
    const ask = async () => ({
      projects: keys(await jira.projects()),
      types: said(await jira.issueTypes('PLAT')),
      fields: said(await jira.fields('PLAT', bug)),
    });
    await ask();
    return { site, project, jira, ask };
  }

  test('is known no longer once Jira refuses an issue for it', async (t) => {
    const { project, jira, ask } = await knowing(t);
    project.forbidden = true;
    assert.deepEqual((await ask()).projects, ['OPS', 'PLAT', 'SHOP']);
    assert.equal((await jira.create(issue, 'r1')).state, 'refused');
    assert.deepEqual(await ask(), { projects: ['OPS', 'SHOP'], types: 'not found', fields: 'not found' });
  });

  test('is known no longer once Jira refuses one of several issues for it', async (t) => {
    const { project, jira, ask } = await knowing(t);
    project.types = project.types.filter(({ id }) => id !== bug);
    await jira.createMany([{ ...issue, type: task }, issue], 'r1');
    const { types, fields } = await ask();
    assert.doesNotMatch(JSON.stringify(types), /Bug/);
    assert.equal(fields, 'not found');
  });

  test('is known no longer once Jira has no types or fields for it', async (t) => {
    const { project, jira } = await knowing(t);
    project.forbidden = true;
    assert.equal(said(await jira.fields('PLAT', task)), 'not found');
    assert.equal(said(await jira.issueTypes('PLAT')), 'not found');
    assert.deepEqual(keys(await jira.projects()), ['OPS', 'SHOP']);
  });
});

describe('answers about projects that are none', { concurrency: true }, () => {
  for (const kind of ['html', 'empty', 'broken_json', 'no_fields', 'huge', 'redirect'] as const) {
    test(`${kind} is unreadable`, async (t) => {
      const { site, jira, lines } = await startClient(t);
      site.trouble('all', { kind });
      const answers = [await jira.projects(), await jira.issueTypes('OPS'), await jira.fields('OPS', '10021')];
      assert.deepEqual(answers.map(said), Array(3).fill('unreadable'));
      assert.equal(lines.length, 3);
    });
  }
});
