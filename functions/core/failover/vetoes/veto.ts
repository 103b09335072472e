import type { Method } from "../../contract/failover.ts";
import type { FailoverInput } from "../../contract/failover-input.ts";
import { type FailoverTopology, type Node, nodeOf } from "../../contract/failover-topology.ts";
import type { Situation } from "../choose.ts";

export interface Facts {
  readonly topology: FailoverTopology;
  readonly input: FailoverInput;
  readonly situation: Situation;
  readonly method: Method;
  readonly primary: Node | null;
  /** Who is to be left, also where RDS does not show it. */
  readonly primaryId: string | null;
  /** Null where RDS chooses: a standby, or MySQL in a Multi-AZ DB cluster. */
  readonly candidate: Node | null;
  readonly candidateId: string | null;
  /** The run may have fenced the primary from inside, and not given that back. */
  readonly ownFence: boolean;
  /** Names that lead to none of the group, and where to. */
  readonly strangers: readonly string[];
  /** Names that could not be read. */
  readonly unread: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One row of the table: a name that people override by, and when it stands. */
export interface Veto {
  readonly name: string;
  /** What it protects from. */
  readonly protects: string;
  /** What it must see; when that is null it stands. */
  readonly needs: readonly string[];
  /** Whether `force` may name it. */
  readonly overridable: boolean;
  readonly release: string;
  /** Checked once more with the old primary fenced, just before the call that cannot be taken back. */
  readonly lasting?: true;
  readonly of: (facts: Facts) => boolean;
  /** The reason for which it stands; null: it does not. */
  readonly stands: (facts: Facts) => string | null;
}

export interface Standing {
  readonly name: string;
  readonly says: string;
  readonly release: string;
  readonly overridable: boolean;
}

export interface Chosen {
  readonly method: Method;
  readonly candidate: string | null;
  readonly primary?: string | null;
  readonly ownFence?: boolean;
  readonly strangers?: readonly string[];
  readonly unread?: readonly string[];
}

export function factsOf(
  topology: FailoverTopology,
  input: FailoverInput,
  situation: Situation,
  chosen: Chosen,
  now: number,
): Facts {
  const { method, candidate } = chosen;
  const primaryId = chosen.primary ?? topology.primary;
  return {
    ...{ topology, input, situation, method, now, candidateId: candidate },
    ...{ ownFence: chosen.ownFence === true, strangers: chosen.strangers ?? [] },
    unread: chosen.unread ?? [],
    primaryId,
    primary: nodeOf(topology, primaryId),
    candidate: nodeOf(topology, candidate),
  };
}

export function always(): boolean {
  return true;
}

export function withCandidate({ candidateId }: Facts): boolean {
  return candidateId !== null;
}

/** Replication by a stream of its own: Aurora's readers share the writer's volume, a standby is written to at once. */
export function streams({ method }: Facts): boolean {
  return method === "promote-replica";
}
