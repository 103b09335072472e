import type { Effect } from "./change-effects.ts";
import type { Made } from "./change-plays.ts";
import type { Flavour } from "./ordinary.ts";

/** One change, and what comes of it. */
export interface ChangeRow {
  readonly flavour: Flavour;
  readonly made: Made;
  readonly effect: Effect;
  /** Ids of the root cause that are right, or "unknown". */
  readonly root: RegExp;
  /** What the headline names of the change. */
  readonly names: string;
  readonly replica?: boolean;
  /** Nothing tells since when it is so. */
  readonly beginUnseen?: true;
}
