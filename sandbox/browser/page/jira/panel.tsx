import { useState } from 'react';
import type { BoardIssue } from '../../protocol.ts';
import { Aside } from '../app.tsx';
import { useStore } from '../store.ts';
import { Card } from './card.tsx';
import { Create } from './create.tsx';
import { JiraTroubles } from './troubles.tsx';

const COLUMNS = [
  { title: 'To do', has: ({ category }: BoardIssue) => category === 'new' || category === 'undefined' },
  { title: 'In progress', has: ({ category }: BoardIssue) => category === 'indeterminate' },
  { title: 'Done', has: ({ category }: BoardIssue) => category === 'done' },
];

/** A project of Jira's as a board by status category. */
export function JiraPanel() {
  const jira = useStore((state) => state.jira);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  if (jira === undefined) return <Aside title="Jira">Waiting …</Aside>;
  const project = jira.projects.find(({ key }) => key === chosen) ?? jira.projects[0];
  const issues = jira.issues.filter((issue) => issue.project === project?.key).toReversed();
  return (
    <Aside title="Jira">
      <div className="filter">
        <select aria-label="Project" value={project?.key} onChange={({ target }) => setChosen(target.value)}>
          {jira.projects.map(({ key, name }) => (
            <option key={key} value={key}>
              {name} ({key})
            </option>
          ))}
        </select>
        <JiraTroubles />
      </div>
      {project ? <Create project={project} key={project.key} /> : null}
      <div className="board">
        {COLUMNS.map(({ title, has }) => (
          <section key={title} aria-label={title}>
            <h3>
              {title} <small>{issues.filter(has).length}</small>
            </h3>
            {issues.filter(has).map((issue) => (
              <Card issue={issue} board={jira} key={issue.id} />
            ))}
          </section>
        ))}
      </div>
    </Aside>
  );
}
