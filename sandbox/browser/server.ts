import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Sandbox } from '../sandbox.ts';
import { createActs } from './acts.ts';
import { bundle } from './bundle.ts';
import { listen } from './listen.ts';
import { codedWorkflows } from './picture.ts';
import type { Workflow } from './protocol.ts';
import { createStream } from './stream.ts';
import type { World } from './world.ts';

const LARGEST_ACT_BYTES = 1024 * 1024;
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Maro’s sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<div id="page"></div>
<script type="module" src="/page.js"></script>
`;
/** The page asks nobody but this server for anything. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/** The file with the workflows that people built. */
export const KEPT_WORKFLOWS = 'workflows.json';

/** Where the page is, in every run, so that a bookmark and an open tab find it again; the next port when this one is taken. */
export const PORT = 4747;

/** The sandbox's workspace in a browser. */
export type Browser = { url: string; stop(): Promise<void> };

/**
 * Serves the page on 127.0.0.1, on `port` or the next free one, or on any free port unless told. What people build in it is kept in `folder`. Whatever another
 * site's page sends here is refused, since browsers let every page talk to this machine.
 */
export async function serveBrowser(sandbox: Sandbox, folder: string, port = 0): Promise<Browser> {
  const kept = join(folder, KEPT_WORKFLOWS);
  const world: World = {
    sandbox,
    workflows: [...codedWorkflows(sandbox.manifest), ...(await readKept(kept))],
    runs: [],
    switches: {
      get aheadMs() {
        return sandbox.clock.aheadMs;
      },
      twice: false,
      revoked: false,
      limited: [],
      database: sandbox.database.restart === undefined ? 'not ours' : 'up',
    },
    jiraTrouble: 'none',
    webhookTrouble: 'none',
    answered: new WeakSet(),
    keep: () => writeFile(kept, JSON.stringify(world.workflows.filter(({ coded }) => !coded))),
    tellViews: () => stream.tellViews(),
  };
  const stream = createStream(world);
  const act = createActs(world);
  const bundled = bundle();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const [taken] = await Promise.all([listen(server, port), bundled]);
  const hosts = [`127.0.0.1:${taken}`, `localhost:${taken}`];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '/', headers } = request;
    const foreign = headers.origin !== undefined && !hosts.includes(URL.parse(headers.origin)?.host ?? '');
    if (foreign || !hosts.includes(headers.host ?? ''))
      return send(response, 403, 'text/plain', 'Requests from other sites are refused.');
    const [, name] = /^\/acts\/(\w+)$/.exec(url) ?? [];
    if (method === 'POST' && name !== undefined) {
      const outcome = await act(name, await readJson(request));
      return send(response, 200, 'application/json', JSON.stringify(outcome));
    }
    if (method !== 'GET') return send(response, 405, 'text/plain', 'Method not allowed.');
    if (url === '/events') return stream.open(response);
    const { script, style } = await bundled;
    if (url === '/page.js') return send(response, 200, 'text/javascript; charset=utf-8', script);
    if (url === '/page.css') return send(response, 200, 'text/css; charset=utf-8', style);
    if (url === '/') return send(response, 200, 'text/html; charset=utf-8', PAGE);
    send(response, 404, 'text/plain', 'Not found.');
  }

  return {
    url: `http://127.0.0.1:${taken}/`,
    async stop() {
      stream.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY });
  response.end(body);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > LARGEST_ACT_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString() || '{}');
}

async function readKept(file: string): Promise<Workflow[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`The saved workflows in ${file} cannot be read. Delete that file, or use --fresh.`);
  }
}
