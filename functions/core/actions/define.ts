import * as z from "zod";
import type { Risk } from "../contract/finding.ts";
import type { Engine, Target } from "../contract/target.ts";
import type { Followed, GuardSettings } from "../contract/work-order.ts";
import type { Clock, SqlSession } from "../ports.ts";
import type { SpecId } from "../spec-id.ts";
import type { Bound } from "./in-order.ts";
import type { Check, Following, Run, TakesBack, Verdict } from "./steps.ts";

/** What a database action may use. It has no way to a store, to AWS or to another database. */
export interface DatabaseWorld {
  readonly session: SqlSession;
  readonly target: Target;
  readonly guards: GuardSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the order was issued, epoch milliseconds: nothing that it did is older. */
  readonly orderedAt: number;
  /** An earlier attempt at this order ended without an answer. */
  readonly repeated: boolean;
  /** Adds a line to the order's record of what was sent. */
  note(says: string): void;
  /** Looks by another connection, while this one is busy, until the given world's signal. Null: it saw nothing. */
  aside<T>(world: DatabaseWorld, look: (free: DatabaseWorld) => Promise<T | null>): Promise<T | null>;
}

/** What can be proposed: all that a rule, the gate and a message ask of an action, and nothing of how it is done. */
export interface ActionOffer<Id extends string, Input> {
  readonly id: Id;
  readonly spec: readonly SpecId[];
  readonly title: string;
  readonly risk: Risk;
  readonly engines: readonly Engine[];
  readonly input: z.ZodType<Input>;
  /** The exact statement that will be sent. */
  preview(input: Input, target: Target): string;
  /** Whom it hits, in one line. */
  describes(input: Input): string;
  /** Same key, same effect. */
  key(input: Input): string;
  /** It is never done without a person, whatever the evidence shows (issue 9, point 3). */
  readonly asksAlways?: true;
  /** It restarts the engine: whoever has a transaction open loses it. */
  readonly restarts?: true;
  /** How to take it back; null when there is no way. */
  readonly undo: string | null;
  /**
   * What is known when the function that does it was lost in the midst of it, of what nobody can look for afterwards. Absent:
   * what comes of it can be followed.
   */
  lost?(input: Input, orderId: string): Lost;
}

interface Lost {
  readonly says: string;
  readonly takesBack: TakesBack;
}

/** How an offer is carried out, in a database or on AWS. Only who acts imports it: a bundle that proposes goes without. */
export interface Steps<World, Input> {
  /** Re-reads the world just before acting. */
  preCheck(world: World, input: Input): Promise<Check>;
  /** Names its target in the acting statement itself, never by what an earlier one saw. */
  run(world: World, input: Input): Promise<Run>;
  /** Looks whether it worked. */
  verify(world: World, input: Input): Promise<Verdict>;
  /** Only of actions whose run may answer "began": how far it is, and after its end the clearing up. */
  follow?(world: World, input: Input, running: Followed): Promise<Following>;
}

export interface ActionRun<Input> extends Steps<DatabaseWorld, Input> {
  /** What the acting user needs, as GRANT statements; {user} stands for its name. */
  readonly grants: Readonly<Record<Engine, readonly string[]>>;
}

/** Of any action: what its input is only its own schema knows. Null: the input is not one of it. */
export interface Keyed {
  keyFor(input: unknown): string | null;
  /** Null: what comes of it can be followed. */
  lostFor(input: unknown, orderId: string): Lost | null;
  offer(input: unknown, target: Target): Offered;
}

/** What a person who names an input is shown. */
type Offered =
  | {
      readonly kind: "offered";
      readonly input: z.core.util.JSONType;
      readonly key: string;
      readonly preview: string;
      readonly describes: string;
    }
  | { readonly kind: "not-one"; readonly why: string };
export interface Bindable<World> {
  bind(input: unknown): Bound<World> | null;
}

/** One thing that the responder can do to a database. Run twice, it acts once. */
export interface DatabaseAction<Id extends string, Input>
  extends ActionOffer<Id, Input>,
    ActionRun<Input>,
    Keyed,
    Bindable<DatabaseWorld> {}

export function defineOffer<const Id extends string, Input>(
  offer: ActionOffer<Id, Input>,
): ActionOffer<Id, Input> & Keyed {
  return {
    ...offer,
    keyFor(input) {
      const parsed = offer.input.safeParse(input);
      return parsed.success ? offer.key(parsed.data) : null;
    },
    lostFor(input, orderId) {
      const parsed = offer.input.safeParse(input);
      return parsed.success ? (offer.lost?.(parsed.data, orderId) ?? null) : null;
    },
    offer(input, target) {
      const parsed = offer.input.safeParse(input);
      if (!parsed.success) return { kind: "not-one", why: z.prettifyError(parsed.error) };
      const { data } = parsed;
      return {
        kind: "offered",
        input: z.json().parse(data),
        key: offer.key(data),
        preview: offer.preview(data, target),
        describes: offer.describes(data),
      };
    },
  };
}

/**
 * Two arguments and called as pure, because the bundler keeps an unused object that is spread from another: that is what
 * takes an action out of a bundle that imports its offer from the same file. Calls and sums in `run` keep it there, too,
 * unless they are marked as pure.
 */
export function defineDatabaseAction<Id extends string, Input>(
  offer: ActionOffer<Id, Input> & Keyed,
  run: ActionRun<Input>,
): DatabaseAction<Id, Input> {
  return {
    ...offer,
    ...run,
    bind(input) {
      const parsed = offer.input.safeParse(input);
      return parsed.success ? bound(run, parsed.data) : null;
    },
  };
}

export function bound<World, Input>(run: Steps<World, Input>, input: Input): Bound<World> {
  const { follow } = run;
  return {
    preCheck: (world) => run.preCheck(world, input),
    run: (world) => run.run(world, input),
    verify: (world) => run.verify(world, input),
    follow: follow === undefined ? null : (world, running) => follow(world, input, running),
  };
}
