import type { Outcome, Refusal, Undo, WorkOrder } from "../contract/work-order.ts";
import type { Clock } from "../ports.ts";
import type { Keyed } from "./define.ts";
import type { Ending } from "./ending.ts";
import type { TakesBack } from "./steps.ts";

/** One order carried out, with what was sent and how long it took, whoever does it. */
export async function recorded(
  order: WorkOrder,
  clock: Clock,
  carryOut: (note: (says: string) => void) => Promise<Ending>,
  undoOf: (takesBack: TakesBack) => Undo | null = () => null,
): Promise<Outcome> {
  const startedAt = clock.now();
  const steps: Outcome["steps"] = [];
  const note = (says: string): void => {
    steps.push({ at: new Date(clock.now()).toISOString(), says });
  };
  const { takesBack = null, ...ending } = await carryOut(note);
  const undo = undoOf(takesBack);
  return {
    schema: "action-outcome.v1",
    orderId: order.orderId,
    actionId: order.actionId,
    actionKey: order.actionKey,
    refusal: null,
    killed: [],
    mayHaveActed: false,
    ...ending,
    ...(undo === null ? {} : { undo }),
    steps,
    tookMs: Math.max(0, clock.now() - startedAt),
  };
}

/** By the words of the action that takes it back. */
export function undoOf(
  takesBack: TakesBack,
  { target }: WorkOrder,
  actions: readonly (Pick<Keyed, "offer"> & { readonly id: string })[],
): Undo | null {
  const action = actions.find(({ id }) => id === takesBack?.actionId);
  const offered = takesBack === null ? undefined : action?.offer(takesBack.input, target);
  if (takesBack === null || offered?.kind !== "offered") return null;
  const { input, preview, describes } = offered;
  return { actionId: takesBack.actionId, input, preview, describes };
}

export function unknownAction(reason: string): Refusal {
  return { guard: "unknown-action", reason, release: "Deploy one version of all functions." };
}

export function asksFirst(actionId: string): Refusal {
  return {
    guard: "never-alone",
    reason: `${actionId} is never done without a person.`,
    release:
      "A person decides: an approver approves the request, or carries out the statement that is shown.",
  };
}

/** An expiry that cannot be read has passed. */
export function expired(order: WorkOrder, clock: Clock): Refusal | null {
  const now = clock.now();
  if (now < Date.parse(order.expiresAt)) return null;
  return {
    guard: "order-expired",
    reason: `The order was good until ${order.expiresAt} and it is ${new Date(now).toISOString()}: the database has moved on since.`,
    release: "Lifts by itself: the next assessment issues a new order if it is still called for.",
  };
}
