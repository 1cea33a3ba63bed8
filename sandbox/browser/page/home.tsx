import { useEffect } from 'react';
import type { Block } from '../../slack/blocks.ts';
import type { Workspace } from '../protocol.ts';
import { act } from './act.ts';
import { Blocks } from './blocks.tsx';
import { useStore } from './store.ts';

/** The app's Home tab, and under it what manifest.json declares for people to use. */
export function Home({ workspace: { app } }: { workspace: Workspace }) {
  const me = useStore((state) => state.me);
  const view = useStore((state) => state.homes[state.me]);
  const { hasHome } = app;
  useEffect(() => {
    if (hasHome && me !== '') void act('openHome', { user: me });
  }, [hasHome, me]);
  return (
    <main className="channel">
      <header className="bar">
        <h1>◆ {app.name}</h1>
      </header>
      <div className="home">
        {view ? <Blocks blocks={view.blocks as Block[]} target={{ view: view.id }} /> : null}
        {hasHome ? null : <p>{app.name} has no Home tab, because manifest.json declares none.</p>}
        <section className="declared">
          <p className="note">What follows is from manifest.json. It is not on the Home tab in Slack.</p>
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
          <h2>Shortcuts</h2>
          <ul>
            {app.shortcuts.map(({ callback_id, name, description, type }) => (
              <li key={callback_id}>
                <strong>{name}</strong> {type === 'global' ? '(global)' : '(message)'}
                <p>{description}</p>
              </li>
            ))}
          </ul>
          <h2>Workflow Builder steps</h2>
          <ul>
            {Object.entries(app.functions).map(([id, { title, description }]) => (
              <li key={id}>
                <strong>{title}</strong>
                <p>{description}</p>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </main>
  );
}
