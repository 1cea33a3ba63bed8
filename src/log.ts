import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';
import { type Logger, LogLevel } from '@slack/web-api';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';

export type Log = pino.Logger;

const operations = new AsyncLocalStorage<string>();

/** Runs `work`. What it logs, and what it calls logs, names the operation. */
export function duringOperation<T>(operation: string, work: () => T): T {
  return operations.run(operation, work);
}

/**
 * Creates a log of JSON lines with `time`, `level`, `msg`, and plain fields, on
 * standard output by default. Callers must not log tokens or text that people wrote.
 */
export function createLog(level: string, output: DestinationStream = pino.destination(1)): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin() {
      const operation = operations.getStore();
      return operation === undefined ? {} : { operation };
    },
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, output);
}

/**
 * The log for Slack's SDK. At debug level the SDK logs whole payloads, including tokens and text that people wrote. So no
 * more than its warnings and errors are logged, even if LOG_LEVEL is debug, and an Error only by its name.
 */
export function slackLogger(log: Log): Logger {
  const sdk = log.child({ from: 'slack sdk' });
  return {
    debug() {},
    info() {},
    warn: (...parts) => sdk.warn(sentence(parts)),
    error: (...parts) => sdk.error(sentence(parts)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}

function sentence(parts: unknown[]): string {
  const text = format(...parts.map((part) => (part instanceof Error ? errorName(part) : part)));
  // The rest of this message quotes the body of the request.
  return text.replace(/^(Malformed request body): .*/s, '$1');
}

/** The name and code of an error, without its message, which may quote text that people wrote. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}`;
}

/** The stack frames of an error, without its message. */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
