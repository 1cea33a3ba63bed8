import type { Workspace } from '../protocol.ts';

/** The app's own place: what manifest.json says that there is to use. */
export function Home({ workspace: { app } }: { workspace: Workspace }) {
  return (
    <main className="channel">
      <header className="bar">
        <h1>◆ {app.name}</h1>
      </header>
      <div className="home">
        <p>
          {app.hasHome
            ? 'The home tab is empty until the app publishes one.'
            : `${app.name} has no home tab: its manifest.json declares none.`}
        </p>
        <h2>Commands</h2>
        <ul>
          {app.commands.map(({ command, description, usage_hint }) => (
            <li key={command}>
              <code>
                {command} {usage_hint}
              </code>
              <p>{description}</p>
            </li>
          ))}
        </ul>
        <h2>In the menu of a message, and everywhere</h2>
        <ul>
          {app.shortcuts.map(({ callback_id, name, description, type }) => (
            <li key={callback_id}>
              <strong>{name}</strong> {type === 'global' ? '(everywhere)' : ''}
              <p>{description}</p>
            </li>
          ))}
        </ul>
        <h2>Steps for Workflow Builder</h2>
        <ul>
          {Object.entries(app.functions).map(([id, { title, description }]) => (
            <li key={id}>
              <strong>{title}</strong>
              <p>{description}</p>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
