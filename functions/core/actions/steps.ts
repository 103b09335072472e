import type { Followed, Refusal, Undo } from "../contract/work-order.ts";

/** What will take it back, by the state before; null where nothing does. */
export type TakesBack = Pick<Undo, "actionId" | "input"> | null;

/** The wanted state is there already: the session is gone, the statement has ended. */
export interface AlreadyDone {
  readonly kind: "already-done";
  readonly says: string;
  /** There is nothing left to do, and whether what was wanted has come about cannot be seen. */
  readonly unproved?: true;
  /** Where an attempt at this order that died may have done it. */
  readonly undo?: TakesBack;
}

export type Check =
  | { readonly kind: "go"; readonly says: string }
  | AlreadyDone
  | ({ readonly kind: "refuse" } & Refusal);

export type Run =
  | {
      readonly kind: "acted";
      readonly says: string;
      readonly killed: readonly number[];
      readonly undo?: TakesBack;
      /** Where it has looked itself, at those whom it hit. */
      readonly verdict?: Verdict;
    }
  | AlreadyDone
  /** It goes on by itself, and is looked at again with `handle`. */
  | {
      readonly kind: "began";
      readonly says: string;
      readonly until: string;
      readonly handle: Followed["handle"];
      readonly undo?: TakesBack;
    }
  | ({ readonly kind: "refuse" } & Refusal)
  /** It may have been carried out all the same: `undo` takes that back. */
  | { readonly kind: "failed"; readonly says: string; readonly undo?: TakesBack };

/** How far something is that was begun. Once it has ended it was cleaned up after, too. */
export type Following =
  /** `handle`: with what was seen of it meanwhile, by which later looks find it, or know it for its own. */
  | {
      readonly kind: "running";
      readonly says: string;
      readonly handle?: Followed["handle"];
      /** Of what is there by now: it stays where nobody waits for the rest any longer. */
      readonly undo?: TakesBack;
    }
  | { readonly kind: "ended"; readonly verdict: Verdict; readonly undo?: TakesBack }
  /** `undo`: of what it has changed all the same. */
  | { readonly kind: "failed"; readonly says: string; readonly undo?: TakesBack }
  /** Nothing of it was ever begun: it may be asked for again. */
  | ({ readonly kind: "not-begun" } & Refusal);

export type Verdict =
  | { readonly kind: "verified"; readonly says: string }
  | { readonly kind: "not-verified"; readonly says: string };

/** In a sentence, whatever it is. */
export function saysOf(following: Following): string {
  if (following.kind === "not-begun") return following.reason;
  return following.kind === "ended" ? following.verdict.says : following.says;
}

/** Of a single look: what has not ended by then is not proved. */
export function verdictOf(following: Following): Verdict {
  return following.kind === "ended" ? following.verdict : { kind: "not-verified", says: saysOf(following) };
}
