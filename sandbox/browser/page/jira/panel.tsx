import { useEffect, useState } from 'react';
import type { BoardIssue } from '../../protocol.ts';
import { Aside } from '../app.tsx';
import { set, useStore } from '../store.ts';
import { Card } from './card.tsx';
import { Create } from './create.tsx';
import { JiraTroubles } from './troubles.tsx';

const NOBODY = '(nobody)';

const COLUMNS = [
  { title: 'To do', has: ({ category }: BoardIssue) => category === 'new' || category === 'undefined' },
  { title: 'In progress', has: ({ category }: BoardIssue) => category === 'indeterminate' },
  { title: 'Done', has: ({ category }: BoardIssue) => category === 'done' },
];

/** A project of Jira's as a board by status category. */
export function JiraPanel() {
  const jira = useStore((state) => state.jira);
  const pointed = useStore((state) => state.issue);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const itsProject = jira?.issues.find(({ key }) => key === pointed)?.project;
  useEffect(() => {
    if (pointed !== undefined && itsProject !== undefined) setChosen(itsProject);
  }, [pointed, itsProject]);
  const [actor, setActor] = useState<string | undefined>(undefined);
  if (jira === undefined) return <Aside title="Jira">Loading …</Aside>;
  const project = jira.projects.find(({ key }) => key === chosen) ?? jira.projects[0];
  const by = actor === NOBODY ? null : (actor ?? jira.people[0]?.handle ?? null);
  const choose = (key: string) => {
    setChosen(key);
    set({ issue: undefined });
  };
  const issues = jira.issues.filter((issue) => issue.project === project?.key).toReversed();
  return (
    <Aside title="Jira">
      <div className="filter">
        <select aria-label="Project" value={project?.key} onChange={({ target }) => choose(target.value)}>
          {jira.projects.map(({ key, name }) => (
            <option key={key} value={key}>
              {name} ({key})
            </option>
          ))}
        </select>
        <label className="trouble">
          <span>As</span>
          <select aria-label="Act as" value={actor} onChange={({ target }) => setActor(target.value)}>
            {jira.people.map(({ handle, name }) => (
              <option key={handle} value={handle}>
                {name}
              </option>
            ))}
            <option value={NOBODY}>An app without a name</option>
          </select>
        </label>
        <JiraTroubles />
      </div>
      {pointed !== undefined && itsProject === undefined ? <p role="status">Jira has no issue {pointed}.</p> : null}
      {project ? <Create project={project} by={by} key={project.key} /> : null}
      <div className="board">
        {COLUMNS.map(({ title, has }) => (
          <section key={title} aria-label={title}>
            <h3>
              {title} <small>{issues.filter(has).length}</small>
            </h3>
            {issues.filter(has).map((issue) => (
              <Card issue={issue} board={jira} by={by} isPointedAt={issue.key === pointed} key={issue.id} />
            ))}
          </section>
        ))}
      </div>
    </Aside>
  );
}
