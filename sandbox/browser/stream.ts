import type { ServerResponse } from 'node:http';
import { refusedOf } from './acts.ts';
import { boardOf, workspaceOf } from './picture.ts';
import type { Told } from './protocol.ts';
import { createTraffic } from './traffic.ts';
import type { World } from './world.ts';

/** What nobody tells of by itself is looked at so often, while a page is open. */
const LOOK_MS = 50;

export type Stream = {
  /** Answers a request with events for as long as it is open, beginning with all that is the case. */
  open(response: ServerResponse): void;
  tellViews(): void;
  close(): void;
};

/** Tells every page what changes in the sandbox. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createStream(world: World): Stream {
  const { slack, jira, manifest } = world.sandbox;
  const pages = new Set<ServerResponse>();
  const said = new Map<string, string>();
  let refusals = slack.refusals.length;
  const traffic = createTraffic(slack.log, jira.requests, jira.webhooks.deliveries);
  let saidTraffic = traffic();

  const tell = (told: Told, to: Iterable<ServerResponse> = pages) => {
    const data = `data: ${JSON.stringify(told)}\n\n`;
    for (const page of to) page.write(data);
  };
  const views = (): Told[] =>
    slack.workspace.users.map(({ id }) => ({
      type: 'views',
      user: id,
      views: slack.views(id),
      home: slack.home(id) ?? null,
    }));
  const unwatch = slack.watch(({ message, view }) => {
    if (message) tell({ type: 'messages', messages: [message] });
    if (view) for (const each of views()) tell(each);
  });

  function things(): Told[] {
    return [
      { type: 'workspace', workspace: workspaceOf(slack, manifest) },
      { type: 'jira', jira: boardOf(jira, world) },
      { type: 'workflows', workflows: world.workflows },
      { type: 'marks', marks: slack.marks },
      { type: 'runs', runs: world.runs },
      { type: 'switches', switches: world.switches },
    ];
  }

  function look(): void {
    if (pages.size === 0) return;
    for (const thing of things()) {
      const text = JSON.stringify(thing);
      if (said.get(thing.type) === text) continue;
      said.set(thing.type, text);
      tell(thing);
    }
    if (saidTraffic !== traffic()) {
      saidTraffic = traffic();
      tell({ type: 'traffic', traffic: saidTraffic });
    }
    const unheard = slack.refusals.slice(refusals).filter((refusal) => !world.answered.has(refusal));
    for (const refusal of unheard) tell({ type: 'refused', refusal: refusedOf(refusal) });
    refusals = slack.refusals.length;
  }
  const looking = setInterval(look, LOOK_MS).unref();

  return {
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const messages = slack.everything();
      const all: Told[] = [
        ...things(),
        { type: 'traffic', traffic: traffic() },
        { type: 'messages', messages },
        ...views(),
      ];
      for (const told of all) tell(told, [response]);
      if (pages.size === 0) refusals = slack.refusals.length;
      pages.add(response);
      response.on('close', () => pages.delete(response));
    },
    tellViews() {
      for (const each of views()) tell(each);
    },
    close() {
      clearInterval(looking);
      unwatch();
      for (const page of pages) page.end();
    },
  };
}
