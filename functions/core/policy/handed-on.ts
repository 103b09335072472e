import { type SessionTarget, sessionTargetSchema } from "../actions/signals/session-target.ts";
import { mayHaveActed, type Refusal } from "../contract/work-order.ts";
import type { GateInput } from "./gate-input.ts";

/**
 * A session that idles with what another of its application was ended for in this incident. Where each waits for the same
 * service that does not answer, ending one hands its rows to the next, and the order of each is lost: the second is a
 * person's to decide.
 */
export function handedOn({ incident, proposal, actionKey }: GateInput): Refusal | null {
  const next = idleHolder(proposal.input);
  const before = incident.actions.filter(
    ({ key, outcome, proposal: earlier }) =>
      key !== actionKey &&
      outcome !== null &&
      mayHaveActed(outcome) &&
      isAlike(next, idleHolder(earlier.input)),
  );
  if (before.length === 0) return null;
  return {
    guard: "handed-on",
    reason: `A session of ${next?.application} that idled in a transaction after the same statement was ended in this incident, or may have been (${before.length} so far), and another stands in its place: ending one after the other mends nothing where all wait for the same, a service that does not answer as a rule.`,
    release: "A person agrees to this one, or looks at what the application waits for.",
  };
}

function idleHolder(input: unknown): SessionTarget | null {
  const target = sessionTargetSchema.safeParse(input).data ?? null;
  return target?.state.startsWith("idle-in-transaction") === true ? target : null;
}

function isAlike(one: SessionTarget | null, other: SessionTarget | null): boolean {
  if (one === null || other === null || one.application === null) return false;
  return one.application === other.application && one.user === other.user && one.query === other.query;
}
