/**
 * An issue type that a new issue of a project can have. Its name is free
 * text and may be translated, so `hierarchyLevel` tells what the type is.
 */
export type IssueType = {
  id: string;
  name: string;
  subtask: boolean;
  /** 1: epic; above 1: levels above epics; 0: types below epics; -1: sub-task. */
  hierarchyLevel: number;
};

/** The type of a ticket for which nobody chose a type: the project's first type that is neither an epic nor a sub-task. */
export function defaultType(types: readonly IssueType[]): IssueType | undefined {
  return types.find(({ subtask, hierarchyLevel }) => !subtask && hierarchyLevel === 0);
}

/** The project's epic type, whatever its name. */
export function epicType(types: readonly IssueType[]): IssueType | undefined {
  return types.find(({ hierarchyLevel }) => hierarchyLevel === 1);
}
