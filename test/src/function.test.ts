import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { pino } from 'pino';
import { unreachable } from '../../src/database/trouble.ts';
import {
  call,
  type Inputs,
  type Outcome,
  type Outputs,
  type Result,
  runStep,
  type SlackFunction,
} from '../../src/function.ts';
import { JiraTrouble } from '../../src/jira/trouble.ts';
import { DefineFunction, Schema } from '../../src/sdk.ts';
import { type Services, unclaimed } from '../../src/services.ts';

const Brew = DefineFunction({
  callback_id: 'brew',
  title: 'Brew',
  description: 'One parameter of each kind',
  source_file: 'functions/brew.ts',
  input_parameters: {
    properties: {
      name: { type: Schema.types.string, description: '' },
      kind: { type: Schema.types.string, enum: ['tea', 'coffee'] as const, default: 'tea', description: '' },
      cups: { type: Schema.types.integer, title: 'Cups of tea', description: '' },
      strength: { type: Schema.types.number, description: '' },
      sugar: { type: Schema.types.boolean, default: false, description: '' },
      user_id: { type: Schema.slack.types.user_id, description: '' },
      channel_id: { type: Schema.slack.types.channel_id, description: '' },
      continue_on_error: { type: Schema.types.boolean, default: false, description: '' },
    },
    required: ['name'],
  },
  output_parameters: {
    properties: {
      brewed: { type: Schema.types.boolean, description: '' },
      cups: { type: Schema.types.integer, description: '' },
      error: { type: Schema.types.string, description: '' },
    },
    required: ['brewed'],
  },
});
type Brewed = Result<typeof Brew, undefined>;

// Inputs and outputs have the types that the definition says: these lines do not compile when they have not.
const typed: Inputs<typeof Brew> = {
  ...{ name: 'x', kind: 'coffee', cups: undefined, strength: 1, sugar: true },
  ...{ user_id: undefined, channel_id: 'C1', continue_on_error: false },
};
const outputs: Outputs<typeof Brew> = { brewed: true, cups: 1, error: '' };
// @ts-expect-error there is no such kind
typed.kind = 'milk';
// @ts-expect-error what is required is there
typed.name = undefined;

describe('a step', () => {
  let given: unknown[];
  let lines: Record<string, unknown>[];
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const context = unclaimed({ tenant: 'T1', door: 'step', operation: 'Fx7', services: { log } as Services });
  beforeEach(() => {
    given = [];
    lines = [];
  });

  const brewing = (result: () => Brewed | Promise<Brewed>): SlackFunction<Inputs<typeof Brew>, Brewed> => ({
    definition: Brew.definition,
    handler: async (inputs) => {
      given.push(inputs);
      return result();
    },
  });
  const good = brewing(() => ({ outputs, detail: undefined }));
  const run = (fn: typeof good, inputs: Record<string, unknown>) =>
    runStep(fn as SlackFunction<never, Outcome>, inputs, context);

  test('gives its handler every input that is declared, defaults among them, and nothing else', async () => {
    const more = JSON.parse('{ "__proto__": 1, "constructor": 2, "more": 3 }');
    assert.deepEqual(await run(good, { ...more, name: 'x', cups: 2, strength: 0.5, sugar: null }), { outputs });
    assert.deepEqual(given, [
      {
        ...{ name: 'x', kind: 'tea', cups: 2, strength: 0.5, sugar: false },
        ...{ user_id: undefined, channel_id: undefined, continue_on_error: false },
      },
    ]);
  });

  const misfits: [inputs: Record<string, unknown>, what: string][] = [
    [{}, '“name” is empty'],
    [{ name: '' }, '“name” is empty'],
    [{ name: null }, '“name” is empty'],
    [{ name: 1 }, '“name” isn’t text'],
    [{ name: 'x'.repeat(250_001) }, '“name” is longer than 250,000 characters'],
    [{ kind: 'milk' }, '“kind” isn’t one of tea, coffee'],
    [{ kind: 'constructor' }, '“kind” isn’t one of tea, coffee'],
    [{ cups: '2' }, '“Cups of tea” isn’t a whole number'],
    [{ cups: 1.5 }, '“Cups of tea” isn’t a whole number'],
    [{ strength: '1' }, '“strength” isn’t a number'],
    [{ sugar: 'true' }, '“sugar” isn’t true or false'],
    [{ user_id: 'Ada' }, '“user_id” isn’t a person'],
    [{ user_id: 'U'.repeat(65) }, '“user_id” isn’t a person'],
    [{ channel_id: '<!channel>' }, '“channel_id” isn’t a channel'],
  ];
  for (const [inputs, what] of misfits) {
    test(`does nothing and says that ${what}`, async () => {
      const error = `${what}, so nothing was done. Fix it in the workflow, and run the workflow again.`;
      const name = Object.hasOwn(inputs, 'name') || Object.keys(inputs).length === 0 ? {} : { name: 'x' };
      assert.deepEqual(await run(good, { ...name, ...inputs }), { error });
      const excused = await run(good, { ...name, ...inputs, continue_on_error: true });
      assert.deepEqual(excused, { outputs: { brewed: false, cups: 0, error } });
      assert.deepEqual(given, []);
    });
  }

  test('that achieved nothing fails, or goes on with empty outputs when it is told to', async () => {
    const empty = brewing(() => ({ error: 'There is no water.', detail: undefined }));
    assert.deepEqual(await run(empty, { name: 'x' }), { error: 'There is no water.' });
    const excused = await run(empty, { name: 'x', continue_on_error: true });
    assert.deepEqual(excused, { outputs: { brewed: false, cups: 0, error: 'There is no water.' } });
  });

  test('comes to one outcome for whatever Slack could send, and never throws', async () => {
    const anything = fc.dictionary(fc.constantFrom(...Object.keys(typed), '__proto__', 'x'), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(anything, async (inputs) => {
        const outcome = await run(good, inputs as Record<string, unknown>);
        if ('error' in outcome) assert.match(outcome.error, /^“.+” .*nothing was done\./);
        else assert.equal(typeof outcome.outputs.brewed, 'boolean');
      }),
    );
  });

  describe('whose handler throws', () => {
    const throwing = (error: unknown) =>
      brewing(() => {
        throw error;
      });

    test('for trouble with Jira says so', async () => {
      const result = await call(throwing(new JiraTrouble('no_answer')), typed, context);
      assert.deepEqual(result, {
        error: 'Jira isn’t answering. Nothing was changed. Try again in a minute.',
        detail: undefined,
      });
    });

    test('for trouble with the database says so, and logs the cause by its code', async () => {
      const trouble = unreachable(Object.assign(new Error('a-secret-word'), { code: 'ECONNREFUSED' }));
      assert.deepEqual(await call(throwing(trouble), typed, context), { error: trouble.message, detail: undefined });
      assert.deepEqual(
        [lines[0]?.msg, lines[0]?.cause, lines[0]?.operation],
        ['database trouble', 'ECONNREFUSED', 'Fx7'],
      );
    });

    test('says in another attempt that Maro cannot tell what the earlier one did', async () => {
      const again = { ...context, earlier: { ageMs: 30_000 } };
      const doubt = 'Maro was interrupted, so this may or may not have been done. Check before you repeat it.';
      const errors = [
        [new JiraTrouble('no_answer'), `${doubt} Jira isn’t answering.`],
        [unreachable(new Error('gone')), doubt],
      ] as const;
      for (const [error, sentence] of errors) {
        assert.deepEqual(await call(throwing(error), typed, again), { error: sentence, detail: undefined });
      }
    });

    for (const error of [new TypeError('a-secret-word'), 'a-secret-word', undefined, null]) {
      test(`for what nobody thought of (${typeof error}) names the line in the log, which quotes nothing`, async () => {
        const result = await call(throwing(error), typed, context);
        assert.match('error' in result ? result.error : '', /^Something went wrong in Maro.* \(code Fx7\)\.$/);
        assert.deepEqual([lines[0]?.msg, lines[0]?.operation], ['a defect in Maro', 'Fx7']);
        assert.doesNotMatch(JSON.stringify(lines), /a-secret-word/);
      });
    }
  });
});
