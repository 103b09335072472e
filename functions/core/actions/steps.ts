import type { Followed, Refusal } from "../contract/work-order.ts";

export type Check =
  | { readonly kind: "go"; readonly says: string }
  /** The wanted state is there already: the session is gone, the statement has ended. */
  | { readonly kind: "already-done"; readonly says: string }
  | ({ readonly kind: "refuse" } & Refusal);

export type Run =
  | { readonly kind: "acted"; readonly says: string; readonly killed: readonly number[] }
  | { readonly kind: "already-done"; readonly says: string }
  /** It goes on by itself, and is looked at again with `handle`. */
  | {
      readonly kind: "began";
      readonly says: string;
      readonly until: string;
      readonly handle: Followed["handle"];
    }
  | ({ readonly kind: "refuse" } & Refusal)
  | { readonly kind: "failed"; readonly says: string };

/** How far something is that was begun. Once it has ended it was cleaned up after, too. */
export type Following =
  | { readonly kind: "running"; readonly says: string }
  | { readonly kind: "ended"; readonly verdict: Verdict }
  | { readonly kind: "failed"; readonly says: string };

export type Verdict =
  | { readonly kind: "verified"; readonly says: string }
  | { readonly kind: "not-verified"; readonly says: string };
