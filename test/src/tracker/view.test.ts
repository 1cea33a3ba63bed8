import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Tracker } from '../../../src/tracker/index.ts';
import { makeDatabase, open } from './example.ts';

describe('what was done in a view', () => {
  let one: Tracker;
  let other: Tracker;
  before(async () => {
    const url = await makeDatabase();
    [one, other] = await Promise.all([open(url), open(url)]);
  });

  const at = (actionTs: string, view = 'V1', tenant = 'T1') => ({ tenant, view, actionTs });

  test('is the newest until something later is known, to the millionth of a second and in any process', async () => {
    assert.equal(await one.recordAction(at('1700000000.000009')), true);
    assert.equal(await one.recordAction(at('1700000000.000009')), true);
    assert.equal(await other.recordAction(at('1700000000.00001')), true);
    assert.equal(await one.recordAction(at('1700000000.000009')), false);
    assert.equal(await one.recordAction(at('999999999.999999')), false);
    assert.equal(await other.recordAction(at('1700000000.000010')), true);
  });

  test('says nothing of other views, nor of those of another company', async () => {
    assert.equal(await one.recordAction(at('1600000000.000000', 'V2')), true);
    assert.equal(await one.recordAction(at('1600000000.000000', 'V1', 'T2')), true);
  });

  test('is old once something else is shown, and what comes later is new', async () => {
    assert.equal(await one.recordAction(at('1700000000.000000', 'V3')), true);
    await other.supersedeActions({ tenant: 'T1', view: 'V3' });
    assert.equal(await one.recordAction(at('1700000000.000000', 'V3')), false);
    assert.equal(await one.recordAction(at('1700000000.000002', 'V3')), true);
    await one.supersedeActions({ tenant: 'T1', view: 'V4' });
    assert.equal(await one.recordAction(at('1.5', 'V4')), true);
  });
});
