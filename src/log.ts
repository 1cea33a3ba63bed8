import { format } from 'node:util';
import { type Logger, LogLevel } from '@slack/web-api';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';

export type Log = pino.Logger;

/**
 * JSON lines on standard output unless told: `time`, `level`, `msg` and plain fields. Callers put no tokens and no texts of
 * people's in.
 */
export function createLog(level: string, output: DestinationStream = pino.destination(1)): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, output);
}

/**
 * The log as Slack's SDK wants it. The SDK writes whole payloads at its debug level, with people's words and tokens in them,
 * so only its warnings and errors pass, whatever LOG_LEVEL says; of an error only what kind it is.
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
  const text = format(...parts.map((part) => (part instanceof Error ? kindOf(part) : part)));
  // What follows quotes the body.
  return text.replace(/^(Malformed request body): .*/s, '$1');
}

/** What kind of error it is, without its message when that may quote what somebody wrote. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}`;
}

/** Where an error happened, without its message. */
export function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
