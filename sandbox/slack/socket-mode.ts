import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from './clock.ts';
import { type Ack, ackMs, type Delivery, type Transport } from './delivery.ts';
import type { Json, Log } from './log.ts';
import { bot } from './workspace.ts';

/** Slack: up to ten connections for an app. */
const maxConnections = 10;
const closeMs = 250;

interface Link {
  socket: WebSocket;
  /** Asked to go: gets no more deliveries. */
  leaving: boolean;
  silent: boolean;
  unanswered: Map<string, (ack: Ack) => void>;
}

export interface SocketMode extends Transport {
  /** What apps.connections.open answers: good for one connection. */
  url(): string;
  /** Settles when at least `n` sockets got their hello; rejects after half a minute. */
  connected(n?: number): Promise<void>;
  connections(): number;
  /** Sends `disconnect`, as Slack does when it wants a client to reconnect. */
  disconnect(reason: 'refresh_requested' | 'warning' | 'link_disabled'): void;
  /** Cuts every socket without a word. */
  drop(): void;
  /** The connections of this moment stay open and nothing passes either way, not even a pong, until switched off. */
  silence(on: boolean): void;
  /** Sends any message at all to every client, also one that Slack never sends. */
  frame(data: string | Uint8Array): void;
  /** Says goodbye first: a client that was cut waits long for the end of its own handshake. */
  stop(): Promise<void>;
}

export function createSocketMode(server: Server, origin: string, enabled: boolean, log: Log, clock: Clock) {
  const sockets = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const links = new Set<Link>();
  const arrivals = new Set<() => void>();
  let turn = 0;

  const send = (link: Link, message: Json) => link.silent || link.socket.send(JSON.stringify(message));
  const sendOff = (link: Link, reason: string) => {
    link.leaving = reason !== 'warning';
    const debug_info = { host: 'stand-in' };
    send(link, { type: 'disconnect', reason, debug_info });
  };

  server.on('upgrade', (request, socket, head) => {
    // A client may be gone before it is answered, and from here on nobody else listens for that.
    socket.on('error', () => socket.destroy());
    const ticket = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, welcome);
  });

  function welcome(socket: WebSocket) {
    socket.on('error', () => socket.terminate());
    const link: Link = { socket, leaving: false, silent: false, unanswered: new Map() };
    const refused = !enabled ? 'link_disabled' : links.size >= maxConnections ? 'too_many_websockets' : undefined;
    if (refused) {
      sendOff(link, refused);
      socket.close();
      return;
    }
    links.add(link);
    socket.on('close', () => {
      links.delete(link);
      for (const settle of link.unanswered.values()) settle({ ok: false, reason: 'connection_failed' });
    });
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as { envelope_id?: string; payload?: Json };
      link.unanswered.get(envelope_id ?? '')?.({ ok: true, body: payload });
    });
    const debug_info = { host: 'stand-in', build_number: 1, approximate_connection_time: 18_060 };
    const connection_info = { app_id: bot.app_id };
    send(link, { type: 'hello', num_connections: links.size, debug_info, connection_info });
    for (const arrival of arrivals) arrival();
  }

  function deliver(delivery: Delivery): Promise<Ack> {
    const { type, payload, retry } = delivery;
    const ready = [...links].filter((link) => !link.leaving && link.socket.readyState === link.socket.OPEN);
    const link = ready[turn++ % ready.length];
    const entry = log.add('delivery', type, payload);
    if (!link) {
      const ack: Ack = { ok: false, reason: 'connection_failed' };
      entry.answer = ack;
      return Promise.resolve(ack);
    }
    return new Promise((resolve) => {
      const envelope_id = randomUUID();
      const settle = (ack: Ack) => {
        link.unanswered.delete(envelope_id);
        late();
        entry.answer = ack;
        if (ack.ok) log.add('ack', type, (ack.body ?? {}) as Json);
        resolve(ack);
      };
      const late = clock.after(ackMs, () => settle({ ok: false, reason: 'http_timeout' }));
      link.unanswered.set(envelope_id, settle);
      const retried = { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason.replace('http_', '') ?? '' };
      send(link, {
        envelope_id,
        type,
        accepts_response_payload: type !== 'events_api',
        ...(type === 'events_api' ? retried : {}),
        payload,
      });
    });
  }

  const mode: SocketMode = {
    deliver,
    url() {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${bot.app_id}`;
    },
    connected(n = 1) {
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(deadline);
          arrivals.delete(check);
        };
        const check = () => {
          if (links.size < n) return;
          end();
          resolve();
        };
        const deadline = setTimeout(() => {
          end();
          reject(new Error(`${links.size} of ${n} Socket Mode connections came within half a minute.`));
        }, 30_000);
        arrivals.add(check);
        check();
      });
    },
    connections: () => links.size,
    disconnect(reason) {
      for (const link of links) sendOff(link, reason);
    },
    drop() {
      for (const link of links) link.socket.terminate();
    },
    silence(on) {
      for (const link of links) {
        link.silent = on;
        if (on) link.socket.pause();
        else link.socket.resume();
      }
    },
    frame(data) {
      for (const link of links) link.socket.send(data);
    },
    async stop() {
      const closed = [...links].map((link) => new Promise((resolve) => link.socket.once('close', resolve)));
      for (const link of links) link.socket.close(1001);
      const late = setTimeout(mode.drop, closeMs);
      await Promise.all(closed);
      clearTimeout(late);
      sockets.close();
    },
  };
  return mode;
}
