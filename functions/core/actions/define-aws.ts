import type { Failovers, RdsChanges, Webhooks } from "../change-ports.ts";
import type { Target } from "../contract/target.ts";
import type { GuardSettings } from "../contract/work-order.ts";
import type { Clock, Metrics } from "../ports.ts";
import type { Schedules } from "../schedule-ports.ts";
import type { RdsOperation } from "../text/aws-call.ts";
import { type ActionOffer, type Bindable, bound, type Keyed, type Steps } from "./define.ts";

/** What an action on AWS may use. It has no way to a database or to a store. */
export interface AwsWorld {
  readonly rds: RdsChanges;
  /** Null: nothing of an application can be called from here. */
  readonly webhooks: Webhooks | null;
  /** Null: nothing of EventBridge can be changed from here. */
  readonly schedules: Schedules | null;
  /** Null: no failover can be started from here. */
  readonly failovers: Failovers | null;
  /** Null: CloudWatch cannot be asked from here. */
  readonly metrics: Metrics | null;
  readonly target: Target;
  readonly guards: GuardSettings;
  /** The same in every attempt at the order. */
  readonly orderId: string;
  /** The card by which a person has agreed; null where there was none. */
  readonly approvalId: string | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the order was issued, epoch milliseconds: nothing that it did is older. */
  readonly orderedAt: number;
  /** An earlier attempt at this order ended without an answer: what it may have sent is looked for. */
  readonly repeated: boolean;
  /** The order's time is over: what an earlier attempt began is found again, and nothing is sent. */
  readonly onlyLook: boolean;
  /** Adds a line to the order's record of what was sent. */
  note(says: string): void;
}

export interface AwsRun<Input> extends Steps<AwsWorld, Input> {
  /** What it may send; the acting role is permitted exactly these. */
  readonly calls: readonly RdsOperation[];
}

/** One thing that the responder can do on AWS. Run twice, it acts once. */
export interface AwsAction<Id extends string, Input>
  extends ActionOffer<Id, Input>,
    AwsRun<Input>,
    Keyed,
    Bindable<AwsWorld> {}

/** Called as pure, like defineDatabaseAction: a bundle that only proposes goes without the second argument. */
export function defineAwsAction<Id extends string, Input>(
  offer: ActionOffer<Id, Input> & Keyed,
  run: AwsRun<Input>,
): AwsAction<Id, Input> {
  return {
    ...offer,
    ...run,
    bind(input) {
      const parsed = offer.input.safeParse(input);
      return parsed.success ? bound(run, parsed.data) : null;
    },
  };
}
