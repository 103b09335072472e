/** A parameter group by what tells whose it is. */
export interface GroupState {
  readonly tags: Readonly<Record<string, string>>;
  /** Everything that somebody has set in it. */
  readonly set: ReadonlyMap<string, string>;
}

/** What is asked of a group before it is gone on with. Throws AwsError, also where there is none of that name. */
export interface MadeGroups {
  groupState(
    group: { readonly of: string; readonly level: "instance" | "cluster" },
    signal?: AbortSignal,
  ): Promise<GroupState>;
}
