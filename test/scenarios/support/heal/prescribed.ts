import { actsOn } from "../../../../functions/core/actions/action-key.ts";
import { databaseOffers } from "../../../../functions/core/actions/offers.ts";
import type { Diagnosis, Finding, ProposedAction } from "../../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { type Settings, settingsSchema } from "../../../../functions/core/settings.ts";
import { loadExpected, loadRecording } from "../../folders.ts";
import type { Expected, Scenario } from "../../scenario.ts";

/** Minutes made seconds: a fault is not kept standing until it is ripe. */
const ripe = { idleInTransactionSeconds: 1, killCandidateSeconds: 1, manyWaitingSeconds: 0.5 };
/** What the moment longer will bring, that a fault is left standing for. */
const ripest = { idleInTransactionSeconds: 0.01, killCandidateSeconds: 0.01, manyWaitingSeconds: 0.01 };
/** A person allows what a pool takes: by default no order hits more than one session. */
const policy = { maxSessionsPerAction: 100 };

/** What is well is judged by its own minutes: made seconds, many a pause would be an incident. */
export function healSettings(
  { thresholds, patience, endsAdministrators }: Scenario,
  { root }: Pick<Expected, "root">,
  bars = ripe,
): Settings {
  const ripens = root !== null && patience === undefined;
  return settingsSchema.parse({
    thresholds: { ...thresholds, ...(ripens ? bars : {}) },
    policy: { ...policy, actOnAdministrators: endsAdministrators !== undefined },
  });
}

export function seriousRoots({ rootCauses, findings }: Diagnosis): readonly Finding[] {
  return findings.filter(({ key, severity }) => rootCauses.includes(key) && severity !== "P3");
}

/** What the responder may do on the database itself, in the order in which it is proposed. */
export function remediesOf(diagnosis: Diagnosis): readonly ProposedAction[] {
  return seriousRoots(diagnosis).flatMap(({ actions }) =>
    actions.filter(({ automatic, id }) => automatic && actsOn(id) === "database"),
  );
}

/**
 * What a scenario's recording lets expect: it is well; the responder may remedy it on the database, if only when it has
 * stood a moment longer; the remedy is one that it has hands for, and a person's all the same; or, with the reason,
 * nothing of the kind.
 */
export type Expectation =
  | { readonly kind: "well" | "remediable" | "persons" }
  | { readonly kind: "apart"; readonly root: string; readonly why: string };

export function expectationOf(name: string, scenario: Scenario): Expectation {
  const { evidence } = loadRecording(name);
  const expected = loadExpected(name);
  const diagnosis = diagnose(evidence, healSettings(scenario, expected, ripest));
  const roots = seriousRoots(diagnosis);
  const [root] = roots;
  const inside = scenario.outside === undefined && !["stopped", "not-tried"].includes(scenario.look ?? "");
  if (root === undefined) {
    if (inside) return { kind: "well" };
    return { kind: "apart", root: "nothing found", why: "nobody gets in, and nothing is proposed" };
  }
  const proposed = roots.flatMap(({ actions }) => actions);
  if (inside && remediesOf(diagnosis).length > 0) return { kind: "remediable" };
  if (inside && proposed.some(({ id }) => isOffered(id))) return { kind: "persons" };
  const why = inside ? reasonOf(proposed) : `nobody gets in; ${reasonOf(proposed)}`;
  return { kind: "apart", root: root.id, why };
}

/** Why nothing can be done on the database: whose the proposals are, and why where the responder has hands for them. */
export function reasonOf(proposed: readonly ProposedAction[]): string {
  const first = [...new Map(proposed.map((one) => [one.id, one])).values()];
  const persons = first
    .filter(({ automatic }) => !automatic)
    .map(({ id, consequence }) => (isOffered(id) ? `${id} (${consequence})` : id));
  const onAws = first.filter(({ automatic, id }) => automatic && actsOn(id) === "aws").map(({ id }) => id);
  const parts = [
    ...(persons.length === 0 ? [] : [`a person's: ${persons.join(", ")}`]),
    ...(onAws.length === 0 ? [] : [`on AWS: ${onAws.join(", ")}`]),
  ];
  return parts.length === 0
    ? "nothing is proposed: the finding says what its owner changes"
    : parts.join("; ");
}

function isOffered(id: string): boolean {
  return databaseOffers.some((offer) => offer.id === id);
}
