import { JIRA_TROUBLES, type JiraTrouble, WEBHOOK_SWITCH, type WebhookSwitch } from '../../protocol.ts';
import { act } from '../act.ts';
import { useStore } from '../store.ts';

const WORDS: Record<JiraTrouble, string> = {
  none: 'is up',
  slow: 'is slow (1.5 seconds)',
  rate_limited: 'limits requests (429)',
  server_error: 'fails (500)',
  garbage: 'answers with garbage',
  down: 'is down',
};

const WEBHOOKS: Record<WebhookSwitch, string> = {
  none: 'arrive',
  lost: 'are lost',
  doubled: 'arrive twice',
  repeated: 'arrive as two events of one change',
  delayed: 'arrive 5 seconds late',
  reordered: 'arrive in the wrong order',
  bare: 'arrive without details',
};

/** What is wrong with Jira. */
export function JiraTroubles() {
  const trouble = useStore((state) => state.jira?.trouble);
  return (
    <label className="trouble">
      <span>Jira</span>
      <select value={trouble} onChange={({ target }) => act('jiraTrouble', { trouble: target.value as JiraTrouble })}>
        {JIRA_TROUBLES.map((name) => (
          <option key={name} value={name}>
            {WORDS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is wrong with Jira's webhooks, when it sends any. */
export function WebhookTroubles() {
  const trouble = useStore((state) => state.jira?.webhooks);
  if (trouble === undefined) return <small>Jira sends no webhooks to Maro here.</small>;
  return (
    <label className="trouble">
      <span>Webhooks</span>
      <select
        value={trouble}
        onChange={({ target }) => act('webhookTrouble', { trouble: target.value as WebhookSwitch })}
      >
        {WEBHOOK_SWITCH.map((name) => (
          <option key={name} value={name}>
            {WEBHOOKS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
