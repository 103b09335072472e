import type { Method } from "../contract/failover.ts";
import type { NameRef } from "../contract/failover-topology.ts";
import type { Receipt } from "../contract/incident.ts";
import type { Message } from "../contract/message.ts";

/**
 * Goes with everything that changes something. Whoever carries it out refuses one with a token older than the lock's,
 * and of one token an effect older than the newest that it has seen: what arrives late does nothing.
 */
export interface Stamp {
  readonly run: string;
  readonly token: number;
  readonly effect: number;
  /** Whose lock counts; absent: the group of the run as it is stored. */
  readonly group?: string;
  /** Ids of the group's nodes as last described. */
  readonly nodes?: readonly string[];
}

export type EffectBody =
  | { readonly kind: "take-lock" | "release-lock"; readonly group: string }
  /** Of a run that has ended and does not know that it has it: this very taking of it and no other. */
  | {
      readonly kind: "free-lock";
      readonly group: string;
      readonly holder: string;
      readonly token: number;
    }
  | { readonly kind: "ask"; readonly message: Message }
  /** Security group that lets in nobody but the responder; sessions that are there stay. */
  | { readonly kind: "wall"; readonly node: string; readonly groups: readonly string[] }
  | { readonly kind: "unwall"; readonly node: string; readonly groups: readonly string[] }
  /** Ends the sessions of a primary that we cannot reach: behind the wall none comes back. */
  | { readonly kind: "restart"; readonly node: string }
  | { readonly kind: "fence" | "unfence"; readonly node: string }
  | {
      readonly kind: "execute";
      readonly method: Method;
      /** The replica, cluster or instance that the call names, and whom it should make the writer. */
      readonly of: string;
      readonly candidate: string | null;
    }
  | { readonly kind: "point"; readonly name: NameRef; readonly to: string }
  | { readonly kind: "rebuild"; readonly source: string; readonly id: string }
  | { readonly kind: "tag"; readonly node: string; readonly tag: string; readonly value: string }
  /** How things stand meanwhile. */
  | { readonly kind: "tell"; readonly message: Message; readonly thread: Receipt | null }
  | { readonly kind: "announce"; readonly message: Message };

/** `key`: the same for every try of the same thing. */
export type Effect = EffectBody & { readonly key: string; readonly stamp: Stamp };
