import * as z from "zod";

/** What was seen when it was proposed, and whoever agreed has agreed by. In every input of an action on AWS. */
export const shownShape = {
  /** Identifier of the instance or cluster that is changed. */
  of: z.string().min(1),
  /** That of the instance that is changed; null: not seen, or a cluster is. */
  resourceId: z.string().nullable().default(null),
  /** Changes that wait and go along with it, as pendingWord has them. */
  pending: z.array(z.string()).default([]),
  /** How long the oldest transaction had been open; null: not seen. */
  openSeconds: z.number().nonnegative().nullable().default(null),
};

export interface Shown {
  readonly of: string;
  readonly resourceId: string | null;
  readonly pending: readonly string[];
  readonly openSeconds: number | null;
}

/** By the names of the API, with the value; that of a secret nobody sees. */
export function pendingWord({
  name,
  value,
}: {
  readonly name: string;
  readonly value: string | null;
}): string {
  return value === null ? name : `${name}=${value}`;
}
