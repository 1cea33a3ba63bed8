import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { Clock } from './clock.ts';
import { type Ack, ackMs, type Delivery, type Transport } from './delivery.ts';
import type { Json, Log } from './log.ts';
import { Refusal } from './refusal.ts';

/** A request to the app, as well or as badly signed as an attacker's test wants it. */
export interface RawRequest {
  body: string | Uint8Array;
  /** Left out, the first request URL. */
  url?: string;
  /** Seconds; left out, now. Signed and sent as the header. */
  timestamp?: number | string;
  /** Left out, the app's signing secret. */
  secret?: string;
  /** Added last, so they can also replace `x-slack-signature`. */
  headers?: Record<string, string>;
}

export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface HttpDelivery extends Transport {
  /** Sets the request URLs, one for each process behind a balancer, after Slack's handshake with each. */
  toUrls(urls: string[]): Promise<void>;
  raw(request: RawRequest): Promise<RawResponse>;
}

/** `v0=` and the HMAC-SHA256 of `v0:timestamp:body`: docs.slack.dev/authentication/verifying-requests-from-slack. */
export function sign(secret: string, timestamp: number | string, body: string | Uint8Array): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

export function createHttpDelivery(signingSecret: string, log: Log, clock: Clock): HttpDelivery {
  let requestUrls: string[] = [];
  let turn = 0;

  /** Signed with the time of the world, since the app compares it with its own clock. */
  function raw(wanted: RawRequest): Promise<RawResponse> {
    const { body, secret = signingSecret, timestamp = Math.floor(clock.world() / 1000) } = wanted;
    const url = wanted.url ?? requestUrls[turn++ % requestUrls.length];
    return new Promise((resolve, reject) => {
      if (!url) {
        reject(new Error('The app has no request URL yet: call deliverOverHttp(url) first.'));
        return;
      }
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': sign(secret, timestamp, body),
        ...wanted.headers,
      };
      const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          late();
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      const fail = (error: Error) => {
        late();
        reject(error);
      };
      const late = clock.after(ackMs, () => sent.destroy(new Error('http_timeout')));
      sent.on('error', fail);
      sent.end(body);
    });
  }

  async function post(delivery: Delivery): Promise<Ack> {
    const { type, payload, retry } = delivery;
    const headers: Record<string, string> = {};
    if (retry) Object.assign(headers, { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason });
    let body = JSON.stringify(payload);
    if (type !== 'events_api') {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      const form = type === 'interactive' ? { payload: body } : definedOnly(payload);
      body = new URLSearchParams(form).toString();
    }
    try {
      const response = await raw({ body, headers });
      if (response.status < 200 || response.status > 299) {
        return { ok: false, reason: 'http_error', status: response.status };
      }
      const isJson = String(response.headers['content-type']).includes('application/json');
      return { ok: true, body: isJson && response.body ? JSON.parse(response.body) : response.body };
    } catch (error) {
      const isTimeout = error instanceof Error && error.message === 'http_timeout';
      return { ok: false, reason: isTimeout ? 'http_timeout' : 'connection_failed' };
    }
  }

  return {
    raw,
    async deliver(delivery) {
      const entry = log.add('delivery', delivery.type, delivery.payload);
      const ack = await post(delivery);
      entry.answer = ack;
      if (ack.ok) log.add('ack', delivery.type, typeof ack.body === 'object' ? (ack.body as Json) : { text: ack.body });
      return ack;
    },
    async toUrls(urls) {
      for (const url of urls) {
        const challenge = randomUUID();
        const body = JSON.stringify({ type: 'url_verification', token: 'verification', challenge });
        const response = await raw({ url, body });
        if (response.status === 200 && response.body.includes(challenge)) continue;
        const why = `${url} answered the challenge with HTTP ${response.status} and not with its value.`;
        throw new Refusal('url_verification_failed', why, 'reference/events/url_verification');
      }
      requestUrls = urls;
    },
  };
}

function definedOnly(payload: Json): Record<string, string> {
  const fields = Object.entries(payload).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}
