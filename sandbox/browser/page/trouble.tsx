import { act } from './act.ts';
import { HOME } from './address.ts';
import { Aside } from './app.tsx';
import { JiraTroubles } from './jira/troubles.tsx';
import { useStore } from './store.ts';

/** Everything that can be broken, and mended. */
export function TroublePanel() {
  const switches = useStore((state) => state.switches);
  const place = useStore((state) => state.place);
  const channel = useStore((state) => state.workspace?.channels.find(({ id }) => id === state.place)?.name);
  if (switches === undefined) return <Aside title="Trouble">Waiting …</Aside>;
  const { twice, revoked, limited, database } = switches;
  return (
    <Aside title="Trouble">
      <section className="group">
        <h3>Slack</h3>
        <Switch
          label="Deliver every step twice"
          note="As when an acknowledgement got lost on its way."
          on={twice}
          flip={(on) => act('twice', { on })}
        />
        <Switch
          label="Revoke the bot’s token"
          note="Every call of the Web API is answered token_revoked."
          on={revoked}
          flip={(on) => act('revoke', { on })}
        />
        {place === HOME ? null : (
          <Switch
            label={`Rate limit posts to #${channel}`}
            note="chat.postMessage is answered 429, with five seconds to wait."
            on={limited.includes(place)}
            flip={(on) => act('limit', { channel: place, on })}
          />
        )}
        <div className="switch">
          <button type="button" className="button" onClick={() => act('dropSocket', {})}>
            Drop the socket
          </button>
          <small>Without a word. Until the app has connected again, Slack reaches nobody.</small>
        </div>
      </section>
      <section className="group">
        <h3>The database</h3>
        <div className="switch">
          <button
            type="button"
            className="button"
            disabled={database !== 'up'}
            onClick={() => act('restartDatabase', {})}
          >
            {database === 'restarting' ? 'It starts again …' : 'Restart it'}
          </button>
          <small>
            {database === 'not ours'
              ? 'DATABASE_URL names a server that is not the sandbox’s to restart.'
              : 'It loses all connections and recovers from its log, as after a crash.'}
          </small>
        </div>
      </section>
      <section className="group">
        <h3>Jira</h3>
        <JiraTroubles />
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
