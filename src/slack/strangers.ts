import type { App } from '@slack/bolt';
import type { Log } from '../log.ts';
import { failedView } from './views.ts';

/** For whoever uses what an older Maro left behind, or another manifest declares. */
export const STRANGER =
  'This belongs to another version of Maro than the one that is running, so nothing was done. Ask for it anew with `/maro help`.';

/**
 * Views and menus' options that this Maro does not have: left open by an older one, or declared by another manifest. Slack
 * shows a person an error for what nobody acknowledges.
 */
export function registerStrangers(app: App, log: Log): void {
  app.view(/.*/, async ({ ack, body }) => {
    log.warn({ type: body.type }, 'a view that this Maro does not have');
    // A view that closes without a word looks as if all had gone well.
    await ack({ response_action: 'update', view: failedView(STRANGER) });
  });
  app.view({ callback_id: /.*/, type: 'view_closed' }, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack, body }) => {
    log.warn({ type: body.type }, 'options that this Maro does not have');
    await ack({ options: [] });
  });
}
