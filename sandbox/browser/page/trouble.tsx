import { act } from './act.ts';
import { HOME } from './address.ts';
import { Aside } from './app.tsx';
import { JiraTroubles, WebhookTroubles } from './jira/troubles.tsx';
import { useStore } from './store.ts';

/** Everything that can be broken, and mended. */
export function TroublePanel() {
  const switches = useStore((state) => state.switches);
  const place = useStore((state) => state.place);
  const channel = useStore((state) => state.workspace?.channels.find(({ id }) => id === state.place)?.name);
  if (switches === undefined) return <Aside title="Trouble">Loading …</Aside>;
  const { twice, revoked, limited, database } = switches;
  return (
    <Aside title="Trouble">
      <section className="group">
        <h3>Slack</h3>
        <Switch
          label="Deliver every step twice"
          note="As if Maro’s acknowledgment never reached Slack."
          on={twice}
          flip={(on) => act('twice', { on })}
        />
        <Switch
          label="Revoke the bot’s token"
          note="Slack answers every Web API call with token_revoked."
          on={revoked}
          flip={(on) => act('revoke', { on })}
        />
        {place === HOME ? null : (
          <Switch
            label={`Rate limit posts to #${channel}`}
            note="Slack answers chat.postMessage with 429 and Retry-After: 5."
            on={limited.includes(place)}
            flip={(on) => act('limit', { channel: place, on })}
          />
        )}
        <div className="switch">
          <button type="button" className="button" onClick={() => act('dropSocket', {})}>
            Drop the connection
          </button>
          <small>Socket Mode ends without notice. Nothing reaches Maro until it reconnects.</small>
        </div>
      </section>
      <section className="group">
        <h3>Database</h3>
        <div className="switch">
          <button
            type="button"
            className="button"
            disabled={database !== 'up'}
            onClick={() => act('restartDatabase', {})}
          >
            {database === 'restarting' ? 'Restarting …' : 'Restart'}
          </button>
          <small>
            {database === 'not ours'
              ? 'The sandbox cannot restart the server at DATABASE_URL.'
              : 'PostgreSQL drops all connections and recovers, as after a crash.'}
          </small>
        </div>
      </section>
      <section className="group">
        <h3>Jira</h3>
        <JiraTroubles />
        <WebhookTroubles />
      </section>
    </Aside>
  );
}

function Switch({ label, note, on, flip }: { label: string; note: string; on: boolean; flip(on: boolean): unknown }) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={({ target }) => flip(target.checked)}
      />
      <span>
        {label}
        <small>{note}</small>
      </span>
    </label>
  );
}
