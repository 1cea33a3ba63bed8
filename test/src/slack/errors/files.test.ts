import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startMaro, type World, words, world } from '../../../maro.ts';
import { MISHAPS, REFUSED } from './errors.ts';

describe('an error of Slack about a file', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
    await w.slack.command('/maro track PLAT-1', {});
  });
  async function exported(): Promise<string> {
    const [message] = (await w.slack.command('/maro export', {})).messages;
    return words(message);
  }
  /** What stands in Ada's direct messages with Maro. */
  const there = () => w.slack.messages('D1', 'ada').length;
  const INSTEAD = /Here is what it has\.\nKey,Summary,.*\nPLAT-1,/;

  const asking = ['alt_txt_too_large', 'file_type_not_allowed', 'file_upload_size_restricted', 'file_uploads_disabled'];
  const more = ['file_uploads_except_images_disabled', 'missing_scope', 'snippet_too_large', 'storage_limit_reached'];
  for (const error of [...REFUSED, ...asking, ...more, 'unknown_snippet_type', 'unknown_subtype', ...MISHAPS]) {
    test(`${error} to a new file shows the rows instead`, async () => {
      const before = there();
      w.slack.trouble.fail('files.getUploadURLExternal', error);
      assert.match(await exported(), INSTEAD);
      assert.equal(there(), before);
    });
  }

  const sharing = ['channel_not_found', 'channels_limit_exceeded', 'file_not_found', 'file_type_not_allowed'];
  const other = ['file_update_failed', 'file_uploads_except_images_disabled', 'invalid_blocks', 'invalid_channel'];
  for (const error of [
    ...REFUSED,
    ...sharing,
    ...other,
    'missing_scope',
    'not_in_channel',
    'posting_to_channel_denied',
    'ratelimited',
  ]) {
    test(`${error} to a file that is there shows the rows instead, and takes back the message that announced it`, async () => {
      const before = there();
      w.slack.trouble.fail('files.completeUploadExternal', error);
      assert.match(await exported(), INSTEAD);
      assert.equal(there(), before);
    });
  }

  for (const error of MISHAPS.filter((each) => each !== 'ratelimited')) {
    test(`${error} after that may have shared it, and Maro says so`, async () => {
      w.slack.trouble.fail('files.completeUploadExternal', error);
      assert.match(
        await exported(),
        /the file may or may not be in your direct messages with Maro\. Look there before/,
      );
    });
  }

  test('an answer that is lost may have shared it, and Maro says so', async () => {
    w.slack.trouble.lose('files.completeUploadExternal');
    assert.match(await exported(), /the file may or may not be/);
  });

  test('bytes that do not arrive show the rows instead', async () => {
    const before = there();
    w.slack.trouble.fail('upload', 'gone');
    assert.match(await exported(), INSTEAD);
    w.slack.trouble.lose('upload');
    assert.match(await exported(), INSTEAD);
    assert.equal(there(), before);
  });
});
