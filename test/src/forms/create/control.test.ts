import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { checkView } from '../../../../sandbox/slack/blocks.ts';
import { controlFor } from '../../../../src/forms/create/control.ts';
import { type Form, formView } from '../../../../src/forms/create/form.ts';
import { decodeOrigin, encodeOrigin } from '../../../../src/forms/create/origin.ts';
import type { Field } from '../../../../src/jira/field.ts';
import { optionsMatching } from '../../../../src/messages/options.ts';

const many = Array.from({ length: 150 }, (_, n) => ({ id: String(n), name: `Team ${n}` }));

describe('a control for a field of Jira’s', () => {
  test('with more than a hundred options is searched, and offers a hundred of those that match', () => {
    for (const kind of ['single_select', 'multi_select'] as const) {
      const element = controlFor({ id: 'f', name: 'Team', kind, options: many }, 'b', {})?.element;
      assert.match(String(element?.type), /external_select$/);
      const few = controlFor({ id: 'f', name: 'Team', kind, options: many.slice(0, 100) }, 'b', {})?.element;
      assert.match(String(few?.type), /static_select$/);
    }
    assert.equal(optionsMatching(many, '').length, 100);
    assert.deepEqual(
      optionsMatching(many, ' TEAM 14').map(({ value }) => value),
      ['14', ...Array.from({ length: 10 }, (_, n) => String(140 + n))],
    );
  });

  test('is none for a kind that Slack has no element for', () =>
    assert.equal(controlFor({ id: 'f', name: 'Rack', kind: 'other' }, 'b', {}), undefined));

  test('is one that Slack takes, whatever Jira calls it, as is the whole form', () => {
    const name = fc.string({ minLength: 1, maxLength: 300 });
    const id = fc.stringMatching(/^customfield_\d{5}$/);
    const options = fc.array(fc.record({ id: fc.stringMatching(/^\d{1,6}$/), name }), { minLength: 1, maxLength: 120 });
    const typed = ['text', 'epic_name', 'paragraph', 'number', 'labels', 'parent'] as const;
    const kind = fc.constantFrom(...typed, 'date', 'datetime', 'person', 'people', 'other');
    const field = fc.oneof(
      fc.record({ id, name, kind }),
      fc.record({ id, name, kind: fc.constantFrom('single_select', 'multi_select', 'cascading_select'), options }),
    ) as fc.Arbitrary<Field>;
    const type = fc.record({ id: fc.constant('10001'), name, subtask: fc.boolean(), hierarchyLevel: fc.constant(0) });
    fc.assert(
      fc.property(
        fc.uniqueArray(field, { maxLength: 30, selector: ({ id }) => id }),
        type,
        name,
        (fields, type, sentence) => {
          const form: Form = {
            origin: { request: 'r', user: 'U1', channel: 'C1', inThread: true },
            project: { id: '1', key: 'PLAT', name: sentence },
            types: [type],
            type,
            fields,
            details: [],
            takesDescription: true,
            elsewhere: {
              url: `https://acme.example/secure?${'x'.repeat(1_960)}`,
              left: fields.map((field) => field.name),
            },
            values: {},
            sentence,
          };
          checkView(formView(form));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('where a form comes from', () => {
  test('travels with it, and is nothing when it is another’s', () => {
    const origin = { request: 'r', user: 'U1', channel: 'C1', threadTs: '1.2', messageLink: 'https://x' };
    assert.deepEqual(decodeOrigin(encodeOrigin(origin)), origin);
    for (const other of ['', 'null', '{}', '{"request":1,"user":"U"}', '[', undefined])
      assert.equal(decodeOrigin(other), undefined);
  });
});
