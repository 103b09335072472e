import type { Connection, Evidence, Missing } from "../contract/evidence.ts";
import type { Finding } from "../contract/finding.ts";
import type { Assessment, Decision } from "../contract/workflow.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { judgedBy } from "../diagnosis/judged-by.ts";
import { notJudgedYet } from "../diagnosis/not-judged-yet.ts";
import { summaryOf } from "../diagnosis/summary.ts";
import { couldBeSeenGone, isNeverSeenGone, wasLookedFor } from "../diagnosis/verdict.ts";
import { requestedFindings } from "../incident/requests.ts";
import { compare } from "../text/compare.ts";
import { type Deps, isoNow } from "./deps.ts";
import { custodyOf, overStep } from "./in-hand.ts";
import { keepEvidence } from "./keep-evidence.ts";
import { reduceContext } from "./reduce-context.ts";
import { loadIncident, updateIncident } from "./update-incident.ts";
import { voidRequests } from "./void-requests.ts";

export type DiagnoseDeps = Pick<Deps, "incidents" | "evidence" | "clock" | "random" | "log">;

/** Evidence → ranked findings → the incident's next step. A repeat of a cycle answers as the first time. */
export async function diagnoseIncident(assessment: Assessment, deps: DiagnoseDeps): Promise<Decision> {
  const { incidentId, cycle, settings, alarmSignals, target, located, settingsStanding } =
    assessment.assignment;
  const known = await loadIncident(deps.incidents, incidentId);
  if (known.cycle >= cycle) {
    await voidRequests(known, deps);
    return { schema: "respond.v1", incidentId, step: known.step };
  }
  if ((await custodyOf(deps.incidents, known)) === null)
    return { schema: "respond.v1", incidentId, step: overStep };

  const at = isoNow(deps.clock);
  const evidence = { ...evidenceOf(assessment, at), judgedBy: judgedBy(settings) };
  const judged = diagnose(evidence, settings);
  const diagnosis = known.cycle === 0 ? notJudgedYet(judged, evidence) : judged;
  const evidenceId = `${incidentId}/${String(cycle).padStart(4, "0")}`;
  const notKept = await keepEvidence(evidenceId, evidence, deps);
  // A cause of another database of the incident is nothing that this look could have seen gone.
  const isSame = known.target.name === target.name;
  const causes = [...(known.cause?.rootCauses ?? []), ...(known.stillKnown ?? [])];
  const seen = summaryOf(diagnosis, evidence, evidenceId, isSame ? causes : []);
  const missing = [...seen.missing, `the evidence of this look was not stored: ${notKept}`];
  const summary = notKept === null ? seen : { ...seen, missing };
  const incident = await updateIncident(
    deps,
    incidentId,
    () => [
      {
        kind: "diagnosed",
        at,
        cycle,
        summary,
        target,
        unlocated: unlocatedOf(assessment.assignment),
        joins: located?.joins ?? null,
        gone: located?.gone ?? null,
        stillKnown: stillOpen(causes, isSame ? evidence : null),
        notes: located?.notes ?? [],
        notLookedFor: requestedFindings(known).filter((id) => !wasLookedFor(id, evidence)),
        alarms: evidence.alarms ?? [],
        ...(settingsStanding === undefined ? {} : { settingsStanding }),
        ...(alarmSignals === undefined ? {} : { alarmSignalsSeen: alarmSignals }),
      },
    ],
    reduceContext(settings, settingsStanding),
  );
  await voidRequests(incident, deps);
  deps.log.info("diagnosis.made", {
    incidentId,
    cycle,
    headline: diagnosis.headline,
    step: incident.step.kind,
  });
  return { schema: "respond.v1", incidentId, step: incident.step };
}

const keptCauses = 5;

/** Causes that this look could not have seen gone, whatever else it tells: each once. */
function stillOpen(causes: readonly Finding[], evidence: Evidence | null): readonly Finding[] {
  const serious = causes.filter(({ severity }) => severity !== "P3");
  const open = serious.filter((one) => evidence === null || !couldBeSeenGone(one, evidence));
  const each = [...new Map(open.map((one) => [one.key, { ...one, actions: [] }])).values()];
  // What never heals first: five others that wait for the inside push nothing of it out.
  const order = (one: Finding): string => `${isNeverSeenGone(one) ? 0 : 1}${one.severity}`;
  return each.toSorted((a, b) => compare(order(a), order(b))).slice(0, keptCauses);
}

/** Partial answers beat none: whatever a branch could not bring is listed as missing. */
export function evidenceOf({ assignment, reports }: Assessment, at: string): Evidence {
  const probed = reports.find((report) => report.schema === "probe-report.v1");
  const context = reports.find((report) => report.schema === "context-report.v1");
  const failed = reports.filter((report) => report.schema === "branch-failure.v1");
  return {
    schema: "evidence.v1",
    target: probed?.target ?? assignment.target,
    signal: assignment.signal,
    collectedAt: probed?.collectedAt ?? at,
    connection: probed?.connection ?? notTried,
    probes: probed?.probes ?? [],
    metrics: context?.metrics ?? [],
    context: context?.context ?? null,
    ...(context?.alarms === undefined ? {} : { alarms: context.alarms }),
    missing: [
      ...notLocated(assignment),
      ...(context?.missing ?? []),
      ...failed.map(({ branch, error }) => missingBranch(branch, error)),
    ],
  };
}

const notAsked = "the function that asks RDS did not answer";

/** Whose turn it was, and the look went elsewhere; one that RDS knows no more is not looked for again. */
function unlocatedOf({ target, wanted = target, located }: Assessment["assignment"]) {
  if (wanted.name === target.name || (located !== undefined && located.gone !== null)) return null;
  return {
    name: wanted.name,
    reason: located === undefined ? notAsked : (located.reason ?? "no reason given"),
  };
}

/** What was looked at then is what was known of it before: it may have another role, address or policy by now. */
function notLocated({ target, wanted, located }: Assessment["assignment"]): Missing[] {
  if (located === undefined ? wanted === undefined : located.target !== null) return [];
  const reason = located === undefined ? notAsked : (located.reason ?? "no reason given");
  return [{ what: `role, address and tags of ${(wanted ?? target).name}`, reason, howToSee: null }];
}

const notTried: Connection = {
  status: "not-tried",
  failedStep: null,
  detail: "the probing function did not answer",
  pointsTo: null,
  tookMs: 0,
};

function missingBranch(
  branch: "collect" | "probe",
  error: { Error: string; Cause?: string | undefined },
): Missing {
  return {
    what: branch === "probe" ? "everything inside the database" : "metrics and RDS context",
    reason: `the ${branch} function failed: ${error.Error}${error.Cause === undefined ? "" : ` (${error.Cause.slice(0, 200)})`}`,
    howToSee: `see the log group of the ${branch} function`,
  };
}
