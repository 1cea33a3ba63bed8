import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createLog, duringOperation, errorName, framesOf, slackLogger } from '../../src/log.ts';

function written(write: (logger: ReturnType<typeof slackLogger>) => void) {
  const lines: { level: number; msg: string }[] = [];
  write(slackLogger(pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) })));
  return lines.map(({ level, msg }) => [level, msg]);
}

test("Slack's SDK is heard when it warns, and never with what it was sent", () => {
  const lines = written((logger) => {
    logger.debug('http request body: a-secret-word');
    logger.info('a-secret-word');
    logger.warn('http request failed', 'fetch failed');
    logger.error(new TypeError('a-secret-word'), 'and more');
    logger.warn(`Malformed request body: Unexpected token 'a', "a-secret-word" is not valid JSON`);
    logger.warn('Failed to parse and verify the request data: stale');
  });
  assert.deepEqual(lines, [
    [40, 'http request failed fetch failed'],
    [50, 'TypeError and more'],
    [40, 'Malformed request body'],
    [40, 'Failed to parse and verify the request data: stale'],
  ]);
});

test('an error is told of by its kind and its place', () => {
  const error = Object.assign(new RangeError('a-secret-word\n    at which (line)'), { code: 'ERR_X' });
  assert.equal(errorName(error), 'RangeError ERR_X');
  assert.equal(errorName('a-secret-word'), 'string');
  assert.equal(errorName(undefined), 'undefined');
  assert.match(framesOf(new Error('a-secret-word'))[0] ?? '', /^\s+at .*log\.test\.ts/);
  assert.deepEqual(framesOf('a-secret-word'), []);
});

test('a line names the operation during which it is written, also in what the operation calls later', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) });
  log.info('before');
  await Promise.all(
    ['one', 'two'].map((operation) =>
      duringOperation(operation, async () => {
        await Promise.resolve();
        log.info('during');
      }),
    ),
  );
  assert.deepEqual(
    lines.map(({ msg, operation }) => [msg, operation]),
    [
      ['before', undefined],
      ['during', 'one'],
      ['during', 'two'],
    ],
  );
});
