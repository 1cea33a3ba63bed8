/** A type that a new issue of a project can have. Names are free text and translated: what it is, its level says. */
export type IssueType = {
  id: string;
  name: string;
  subtask: boolean;
  /** 1 and more: an epic, or above one; 0: what hangs below an epic; -1: a sub-task. */
  hierarchyLevel: number;
};

/** The type that a ticket gets when nobody names one: the project's first that is neither epic nor sub-task. */
export function defaultType(types: readonly IssueType[]): IssueType | undefined {
  return types.find(({ subtask, hierarchyLevel }) => !subtask && hierarchyLevel === 0);
}

/** The type of the project's epics, whatever they are called. */
export function epicType(types: readonly IssueType[]): IssueType | undefined {
  return types.find(({ hierarchyLevel }) => hierarchyLevel === 1);
}
