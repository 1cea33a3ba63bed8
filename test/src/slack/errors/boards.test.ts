import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { hideBoard, type Shown, showBoard } from '../../../../src/boards/show.ts';
import type { BoardDeps } from '../../../../src/boards/write.ts';
import { type World, world } from '../../../maro.ts';
import { rows } from '../../../rows.ts';
import { boardDeps } from '../../boards/world.ts';
import { MISHAPS, REFUSED } from './errors.ts';

describe('an error of Slack about a board', () => {
  let w: World;
  let deps: BoardDeps;
  before(async () => {
    w = await world();
    deps = await boardDeps(w);
    await show();
  });
  const show = () => showBoard({ channel: 'C1', user: undefined }, deps);
  const hide = () => hideBoard({ channel: 'C1' }, deps);
  const boards = () => w.slack.everything().filter(({ channel }) => channel === 'C1').length;
  const said = (shown: Shown) => (shown.state === 'shown' ? shown.notes.join(' ') : shown.sentence);

  describe('that refuses an edit (chat.update)', () => {
    const own = [
      ...['block_mismatch', 'cant_update_message', 'channel_not_found', 'edit_window_closed'],
      ...['external_channel_migrating', 'invalid_blocks', 'is_inactive', 'message_limit_exceeded', 'missing_scope'],
      ...['msg_too_long', 'posting_to_channel_denied', 'slack_connect_canvas_sharing_blocked'],
      ...['slack_connect_file_link_sharing_blocked', 'update_failed'],
    ];
    for (const error of [...REFUSED, ...own, ...MISHAPS]) {
      test(`${error} leaves the board as it is, and says so`, async () => {
        w.slack.trouble.fail('chat.update', error);
        const shown = await show();
        assert.equal(shown.state, 'not shown');
        assert.match(said(shown), /(is old|stays as it is|may be old|in a moment)/);
        assert.equal(boards(), 1);
      });
    }

    test('message_not_found makes a new board', async () => {
      w.slack.trouble.fail('chat.update', 'message_not_found');
      const shown = await show();
      assert.ok(shown.state === 'shown' && shown.isNew);
      const [old] = w.slack.everything().filter(({ channel }) => channel === 'C1');
      await deps.services.slack.deleteMessage('C1', old?.ts ?? '');
    });
  });

  describe('that refuses a pin (pins.add)', () => {
    const own = ['bad_timestamp', 'channel_not_found', 'external_channel_migrating', 'message_not_found'];
    const more = ['missing_scope', 'no_item_specified', 'not_in_channel', 'not_pinnable', 'restricted_action'];
    for (const error of [...REFUSED, ...own, ...more, 'too_many_pins', ...MISHAPS]) {
      test(`${error} leaves a board without a pin, and says so`, async () => {
        await rows(w.databaseUrl, 'update boards set pinned_ts = null');
        w.slack.trouble.fail('pins.add', error);
        const shown = await show();
        assert.equal(shown.state, 'shown');
        assert.match(said(shown), /pin/i);
      });
    }

    test('already_pinned is no error', async () => {
      await rows(w.databaseUrl, 'update boards set pinned_ts = null');
      assert.equal(said(await show()), '');
      assert.equal(said(await show()), '');
    });
  });

  describe('that refuses a bookmark (bookmarks.add, bookmarks.edit)', () => {
    const own = [
      'cannot_bookmark_from_external_org',
      'cannot_bookmark_restricted_sharing_enabled',
      'channel_not_found',
    ];
    const more = ['invalid_bookmark_type', 'invalid_link', 'missing_scope', 'not_implemented', 'permission_denied'];
    const full = ['parent_bookmark_disabled', 'too_many_bookmarks', 'too_many_requests', 'too_many_tabs'];
    for (const error of [...REFUSED, ...own, ...more, ...full]) {
      test(`${error} leaves a board without a bookmark, and says so`, async () => {
        await hide();
        w.slack.trouble.fail('bookmarks.add', error);
        const shown = await show();
        assert.equal(shown.state, 'shown');
        assert.match(said(shown), /bookmark/);
      });
    }

    for (const error of MISHAPS) {
      test(`${error} leaves the bookmark in doubt, and it is not added again`, async () => {
        await hide();
        w.slack.trouble.fail('bookmarks.add', error);
        assert.match(said(await show()), /bookmark/);
      });
    }

    for (const error of [...REFUSED, 'channel_not_found', 'invalid_link', 'permission_denied', ...MISHAPS]) {
      test(`${error} leaves the bookmark of a board that was made anew as it was, and says so`, async () => {
        await hide();
        await show();
        w.slack.trouble.fail('chat.update', 'message_not_found');
        w.slack.trouble.fail('bookmarks.edit', error);
        assert.match(said(await show()), /bookmark/);
        const [old] = w.slack.everything().filter(({ channel }) => channel === 'C1');
        await deps.services.slack.deleteMessage('C1', old?.ts ?? '');
      });
    }

    test('not_found adds another one', async () => {
      w.slack.trouble.fail('chat.update', 'message_not_found');
      w.slack.trouble.fail('bookmarks.edit', 'not_found');
      assert.equal(said(await show()), '');
      const [old] = w.slack.everything().filter(({ channel }) => channel === 'C1');
      await deps.services.slack.deleteMessage('C1', old?.ts ?? '');
    });
  });

  describe('that refuses to hide it (chat.delete, bookmarks.remove)', () => {
    for (const error of [...REFUSED, 'cant_delete_message', 'channel_not_found', 'missing_scope', ...MISHAPS]) {
      test(`${error} leaves the board, and says so`, async () => {
        await show();
        w.slack.trouble.fail('chat.delete', error);
        assert.match(await hide(), /(refused to|didn’t) delete the board/);
        assert.equal(boards(), 1);
      });
    }

    const own = ['channel_not_found', 'invalid_bookmark_type', 'missing_scope', 'not_implemented', 'permission_denied'];
    for (const error of [...REFUSED, ...own, 'user_not_found', ...MISHAPS]) {
      test(`${error} leaves the bookmark, and says so`, async () => {
        await show();
        w.slack.trouble.fail('bookmarks.remove', error);
        assert.match(await hide(), /^The board is gone\..*bookmark may still be there/);
      });
    }

    for (const [method, error] of [
      ['chat.delete', 'message_not_found'],
      ['bookmarks.remove', 'not_found'],
    ] as const) {
      test(`${error} of ${method} is no error`, async () => {
        await show();
        w.slack.trouble.fail(method, error);
        assert.match(await hide(), /^The board is gone\. The list is still there: type \/maro tracked\.$/);
        const [old] = w.slack.everything().filter(({ channel }) => channel === 'C1');
        if (old !== undefined) await deps.services.slack.deleteMessage('C1', old.ts);
      });
    }
  });
});
