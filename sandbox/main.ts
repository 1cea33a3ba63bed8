import './dotenv.ts';
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from './browser/server.ts';
import type { Keeping } from './database.ts';
import { createLeave } from './leave.ts';
import { open } from './open.ts';
import { type Sandbox, SITE, startSandbox } from './sandbox.ts';
import { type Ink, paperInk, terminalInk } from './terminal/ink.ts';
import { isIdle } from './terminal/line.ts';
import { prompt } from './terminal/prompt.ts';
import { tour } from './terminal/tour.ts';
import { transcript } from './terminal/transcript.ts';
import { address, welcome } from './terminal/welcome.ts';

const USAGE = `npm run sandbox                 serves a Slack workspace and a Jira site to your browser
npm run sandbox -- --open       also opens the browser
npm run sandbox -- --terminal   takes commands from the terminal or a pipe instead of the browser
npm run sandbox -- --fresh      deletes the data of earlier runs first
npm run sandbox -- --tour       plays a tour of everything in the terminal, on temporary data
npm run sandbox -- --folder F   keeps the data and the log in folder F instead of .sandbox`;

const write = (text: string) => void process.stdout.write(text);
const { folder, fresh, wantsTour, wantsPrompt, opens } = readArguments();
let starting: Promise<Sandbox> | undefined;
let browser: Browser | undefined;
const leave = createLeave(stop);

try {
  await leave(await main());
} catch (error) {
  console.error(error instanceof Error && error.name === 'Error' ? error.message : error);
  await leave(1);
}

async function main(): Promise<number> {
  if (wantsTour) return playTour();
  if (!wantsPrompt) return browse();
  if (process.stdin.isTTY) return converse();
  return transcript(await start(keeping()), ink(), createInterface({ input: process.stdin }), write);
}

async function browse(): Promise<number> {
  const { serveBrowser, KEPT_WORKFLOWS, PORT } = await import('./browser/server.ts');
  write('Starting Maro with its own Slack, Jira, and database …\n');
  if (fresh) await rm(join(folder, KEPT_WORKFLOWS), { force: true });
  browser = await serveBrowser(await start(keeping()), folder, PORT);
  write(address(ink(), browser.url, whereDataAre(), shown(join(folder, 'maro.log'))));
  if (opens) open(browser.url);
  if (!process.stdin.isTTY) void refuseLines();
  await new Promise(() => {});
  return 0;
}

/** Says of lines on standard input that nothing takes them. A terminal is not read, so that the sandbox can run in the background. */
async function refuseLines(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (isIdle(line)) continue;
    console.error('Standard input was ignored. To send commands from a pipe, add --terminal.');
    return;
  }
}

async function converse(): Promise<number> {
  write(welcome(ink(), whereDataAre(), shown(join(folder, 'maro.log'))));
  await prompt(await start(keeping()), ink());
  return 0;
}

function whereDataAre(): string {
  if (process.env.DATABASE_URL) return 'the database maro_sandbox at DATABASE_URL';
  return `${shown(folder)} (--fresh deletes it)`;
}

async function playTour(): Promise<number> {
  write(
    `A tour of Maro. Slack and Jira are stand-ins, nothing leaves this machine, and the data is deleted at the end.\n`,
  );
  const { columns, isTTY } = process.stdout;
  return (await tour(await start('throwaway'), ink(), write, isTTY ? columns : undefined)) ? 0 : 1;
}

async function start(keeping: Keeping): Promise<Sandbox> {
  starting = startSandbox({ folder, keeping, databaseUrl: process.env.DATABASE_URL || undefined });
  const sandbox = await starting;
  void sandbox.death.then((sentence) => {
    console.error(`\n${sentence}`);
    return leave(1);
  });
  return sandbox;
}

async function stop(): Promise<void> {
  const sandbox = await starting?.catch(() => undefined);
  await browser?.stop();
  await sandbox?.stop();
}

function keeping(): Keeping {
  return fresh ? 'fresh' : 'kept';
}

function ink(): Ink {
  const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb';
  return plain ? paperInk(SITE) : terminalInk();
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

type Arguments = { folder: string; fresh: boolean; wantsTour: boolean; wantsPrompt: boolean; opens: boolean };

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        tour: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        terminal: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        folder: { type: 'string', default: fileURLToPath(new URL('../.sandbox', import.meta.url)) },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const { folder, fresh, tour: wantsTour, terminal: wantsPrompt, open: opens } = values;
    return { folder, fresh, wantsTour, wantsPrompt, opens };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}
