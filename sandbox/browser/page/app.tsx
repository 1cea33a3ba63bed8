import { useEffect, useLayoutEffect, useRef } from 'react';
import { addressOf, HOME, type PanelName, readAddress, type Whereabouts } from './address.ts';
import { Channel } from './channel.tsx';
import { ClockPanel } from './clock.tsx';
import { keepFocus } from './focus.ts';
import { Home } from './home.tsx';
import { JiraPanel } from './jira/panel.tsx';
import { followJiraLinks } from './links.ts';
import { Modal } from './modal.tsx';
import { Sidebar } from './sidebar.tsx';
import { get, set, useStore } from './store.ts';
import { Thread } from './thread.tsx';
import { Toasts } from './toasts.tsx';
import { TrafficPanel } from './traffic.tsx';
import { TroublePanel } from './trouble.tsx';
import { WorkflowPanel } from './workflow/panel.tsx';

const PANELS: Record<PanelName, () => React.JSX.Element> = {
  workflows: WorkflowPanel,
  jira: JiraPanel,
  clock: ClockPanel,
  trouble: TroublePanel,
  traffic: TrafficPanel,
};

/** The workspace: who and where one is, the channel, and beside it a thread or a panel. */
export function App() {
  const workspace = useStore((state) => state.workspace);
  const { me, place, thread, panel, issue } = {
    me: useStore((state) => state.me),
    place: useStore((state) => state.place),
    thread: useStore((state) => state.thread),
    panel: useStore((state) => state.panel),
    issue: useStore((state) => state.issue),
  };
  const hasView = useStore((state) => (state.views[state.me]?.length ?? 0) > 0);
  useHistory({ me, place, thread, panel, issue });
  useEffect(followJiraLinks, []);
  useEffect(keepFocus, []);
  if (workspace === undefined) return <p className="waiting">Connecting to the sandbox …</p>;
  const Panel = panel && PANELS[panel];
  const channel = workspace.channels.find(({ id, people }) => id === place && people.includes(me));
  return (
    <div className="page">
      {hasView ? null : <Toasts />}
      <div className={`workspace ${Panel || thread ? 'beside' : ''}`}>
        <Sidebar workspace={workspace} />
        {place === HOME || channel === undefined ? (
          <Home workspace={workspace} />
        ) : (
          <Channel channel={channel} key={`${me} ${place}`} />
        )}
        {Panel ? <Panel /> : thread && channel ? <Thread channel={channel} ts={thread} key={thread} /> : null}
      </div>
      <Modal key={me} />
    </div>
  );
}

/** Back and Forward go through where one was; the first place takes the entry with which the page was opened. */
function useHistory(where: Whereabouts): void {
  const isOpened = useRef(false);
  const address = addressOf(where);
  useEffect(() => {
    const { workspace } = get();
    if (workspace === undefined || address === location.hash) return;
    history[isOpened.current ? 'pushState' : 'replaceState'](null, '', address);
  }, [address]);
  useEffect(() => {
    if (where.me !== '') isOpened.current = true;
  }, [where.me]);
  useEffect(() => {
    const arrive = () => {
      const { workspace } = get();
      if (workspace) set(readAddress(location.hash, workspace));
    };
    addEventListener('popstate', arrive);
    return () => removeEventListener('popstate', arrive);
  }, []);
}

/** The frame of what stands beside the channel. It takes the focus, and gives it back when it is closed, as Escape does. */
export function Aside({ title, children }: { title: string; children: React.ReactNode }) {
  const aside = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { current } = aside;
    const before = document.activeElement as HTMLElement | null;
    current?.focus();
    return () => {
      if (current?.contains(document.activeElement)) before?.focus();
    };
  }, []);
  const close = () => set({ panel: undefined, thread: undefined, issue: undefined });
  return (
    <aside
      className="aside"
      aria-label={title}
      tabIndex={-1}
      ref={aside}
      onKeyDown={({ key, isDefaultPrevented }) => {
        if (key === 'Escape' && !isDefaultPrevented()) close();
      }}
    >
      <header className="bar">
        <h2>{title}</h2>
        <button type="button" className="icon" aria-label={`Close ${title}`} onClick={close}>
          ✕
        </button>
      </header>
      <div className="aside-body">{children}</div>
    </aside>
  );
}
