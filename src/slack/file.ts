import type { WebClient } from '@slack/web-api';
import { errorName, type Log } from '../log.ts';
import { mend } from '../mend.ts';
import { isRateLimit, refusalOf, slackError } from './refusal.ts';

/** A file of text, and what the message says that brings it, as mrkdwn. */
export type TextFile = { name: string; title: string; content: string; comment: string };

/**
 * Whether a person got a file. `refused`: no, with Slack's error code; or `no_answer`, or `ratelimited`. `doubtful`: Slack did
 * not answer, and may have shared it.
 */
export type FileSent = { state: 'sent' } | { state: 'refused'; code: string } | { state: 'doubtful' };

export type Files = {
  /** Sends a file to a person's direct messages with Maro. It needs the scope `files:write`. Never throws: what Slack does not do is logged. */
  sendFile(user: string, file: TextFile): Promise<FileSent>;
};

const UPLOAD_TIMEOUT_MS = 20_000;

/** The part of the Slack client that sends files. */
export function createFiles(client: WebClient, log: Log): Files {
  /** Sends the bytes to the address that Slack named. https://docs.slack.dev/reference/methods/files.getUploadURLExternal/#usage-info */
  async function upload(url: string, bytes: Buffer<ArrayBuffer>): Promise<boolean> {
    const status = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      redirect: 'error',
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    }).then(
      async (response) => {
        await response.body?.cancel();
        return response.status;
      },
      (error: unknown) => errorName(error),
    );
    if (status !== 200) log.warn({ status }, 'Slack did not take the bytes of a file');
    return status === 200;
  }

  /** Deletes the message that announced a file which did not come. */
  async function takeBack({ channel = '', ts = '' }: { channel?: string; ts?: string }): Promise<void> {
    await client.chat.delete({ channel, ts }).catch((error: unknown) => {
      log.warn({ error: slackError(error) }, 'Slack did not delete a message');
    });
  }

  return {
    async sendFile(user, { name, title, content, comment }) {
      const bytes = Buffer.from(content);
      let posted: { channel?: string; ts?: string } | undefined;
      try {
        const asked = mend(await client.files.getUploadURLExternal({ filename: name, length: bytes.length }));
        const { file_id: id = '', upload_url: url = '' } = asked;
        if (!(await upload(url, bytes))) return { state: 'refused', code: 'no_answer' };
        // Slack shares a file only by the id of the direct messages, which it tells with a message in them:
        // https://github.com/slackapi/bolt-js/issues/2115
        posted = mend(await client.chat.postMessage({ channel: user, text: comment }));
        await client.files.completeUploadExternal({ files: [{ id, title }], channel_id: posted.channel ?? '' });
        return { state: 'sent' };
      } catch (error) {
        const code = refusalOf(error);
        log.warn({ error: slackError(error) }, 'Slack did not take a file');
        if (code === undefined && !isRateLimit(error) && posted !== undefined) return { state: 'doubtful' };
        if (posted !== undefined) await takeBack(posted);
        return { state: 'refused', code: code ?? (isRateLimit(error) ? 'ratelimited' : 'no_answer') };
      }
    },
  };
}
