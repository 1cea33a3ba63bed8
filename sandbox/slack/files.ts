import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from './log.ts';
import { byTheApp } from './messages.ts';
import type { Method } from './methods.ts';
import { channelOf } from './place.ts';
import { Refusal } from './refusal.ts';
import type { Mishap } from './trouble.ts';
import { bot } from './workspace.ts';
import type { World } from './world.ts';

/** A file on its way: asked for, sent in whole, and then shared. */
interface Upload {
  id: string;
  name: string;
  length: number;
  content?: Buffer;
  isShared?: boolean;
}

export interface Files {
  /** Where the bytes of a new file are to be sent. */
  ask(name: string, length: number): { file_id: string; upload_url: string };
  find(id: unknown): Upload | undefined;
  /** Takes the bytes. Answers the HTTP status and what stands in the body. */
  receive(id: string, content: Buffer): { status: number; body: string };
}

/** What the preview of a text has at most: docs.slack.dev/reference/objects/file-object */
const PREVIEW_LINES = 5;
const PREVIEW_CHARACTERS = 1_000;

export function createFiles(origin: string): Files {
  const uploads = new Map<string, Upload>();
  return {
    ask(name, length) {
      const id = `F${String(Date.now())}${uploads.size}`;
      uploads.set(id, { id, name, length });
      return { file_id: id, upload_url: `${origin}/upload/${id}` };
    },
    find: (id) => uploads.get(String(id)),
    receive(id, content) {
      const upload = uploads.get(id);
      if (upload === undefined || upload.isShared) return { status: 404, body: 'no such upload' };
      if (upload.length !== content.length) return { status: 400, body: `expected ${upload.length} bytes` };
      upload.content = content;
      return { status: 200, body: `OK - ${content.length}` };
    },
  };
}

/** The bytes of a file, as they are: docs.slack.dev/reference/methods/files.getUploadURLExternal#usage-info */
export async function answerUpload(
  { files }: World,
  strike: (method: string, args: Json) => Mishap | undefined,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const mishap = strike('upload', {});
  if (mishap?.how === 'reset') return void response.destroy();
  const { status, body } =
    mishap === undefined || mishap.how === 'lost'
      ? files.receive(id, Buffer.concat(chunks))
      : { status: 500, body: 'error' };
  if (mishap?.how === 'lost') return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}

/** The methods that bring a file to Slack. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    tokens: ['bot'],
    tier: 4,
    scope: 'files:write',
    run({ files }, { filename, length }) {
      const page = 'reference/methods/files.getUploadURLExternal';
      const bytes = Number(length);
      if (typeof filename !== 'string' || filename === '') {
        throw new Refusal('missing_argument', 'The call has no filename.', page);
      }
      if (!Number.isInteger(bytes) || bytes < 1) {
        throw new Refusal('invalid_arguments', 'length is the number of bytes, 1 or more.', page);
      }
      return { ...files.ask(filename, bytes) };
    },
  },
  'files.completeUploadExternal': {
    tokens: ['bot'],
    tier: 4,
    scope: 'files:write',
    run(world, args) {
      const page = 'reference/methods/files.completeUploadExternal';
      const given = Array.isArray(args.files) ? (args.files as { id?: unknown; title?: unknown }[]) : [];
      if (given.length === 0) throw new Refusal('invalid_arguments', 'The call names no files.', page);
      const uploads = given.map(({ id, title }) => {
        const upload = world.files.find(id);
        if (upload?.content === undefined || upload.isShared) {
          throw new Refusal('file_not_found', `Nothing was uploaded as ${String(id)}.`, page);
        }
        return { upload, title: typeof title === 'string' ? title : upload.name, content: upload.content };
      });
      const channels = placesOf(world, args);
      const files = uploads.map(({ upload, title, content }) => ({
        id: upload.id,
        created: Math.floor(world.clock.now() / 1000),
        name: upload.name,
        title,
        user: bot.id,
        size: content.length,
        filetype: upload.name.split('.').at(-1) ?? '',
        preview: previewOf(content.toString()),
        content: content.toString(),
      }));
      for (const { upload } of uploads) upload.isShared = true;
      const text = typeof args.initial_comment === 'string' ? args.initial_comment : '';
      for (const channel of channels) {
        const more = { files, upload: true };
        world.messages.post({ ...byTheApp, text, blocks: [], channel: channel.id, subtype: 'file_share', more });
      }
      return { files: files.map(({ id, title, created, user }) => ({ id, title, created, user })) };
    },
  },
};

/** Where the files are shared: in a channel, which is no person, or nowhere. */
function placesOf(world: World, { channel_id: id }: Json) {
  const method = 'files.completeUploadExternal';
  if (id === undefined) return [];
  if (!/^[CGDZ][A-Z0-9]+$/.test(String(id))) {
    // github.com/slackapi/bolt-js/issues/2115
    throw new Refusal('invalid_arguments', 'channel_id is the id of a channel.', `reference/methods/${method}`);
  }
  return [channelOf(world, { channel: id }, method)];
}

function previewOf(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .slice(0, PREVIEW_CHARACTERS)
    .split(/\r?\n/)
    .slice(0, PREVIEW_LINES)
    .join('\n');
}
