import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import type { Tier } from "../../../functions/core/contract/evidence.ts";
import type { ProposedAction } from "../../../functions/core/contract/finding.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../../functions/core/policy/sure.ts";
import { probes } from "../../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../../functions/core/probes/run-probes.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { databasesWith } from "../../../functions/wiring-databases.ts";
import { responderPassword, targetOf } from "../../lab/demo/database.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { someEvidence } from "../../support/evidence-builder.ts";

/** Young waits and idle transactions are old enough, so that nothing but the proofs stands between. */
const thresholds = {
  slowQuerySeconds: 0.2,
  idleInTransactionSeconds: 0.5,
  killCandidateSeconds: 0.5,
  manyWaitingSeconds: 0.5,
};

/** What a whole look at a server proposes, and of that what would be done without a person. */
export async function proposedOn(server: LabServer, tiers: readonly Tier[] = ["immediate"]) {
  const settings = settingsSchema.parse({ thresholds });
  const credentials = async () => ({ user: "rds_responder", password: responderPassword, iam: false });
  const report = await collectProbeReport(
    databasesWith(credentials, { mode: "off" }),
    targetOf(server, "lab"),
    settings,
    probes,
    tiers,
    createSystemClock(),
    AbortSignal.timeout(60_000),
  );
  const evidence = { ...someEvidence(), ...report, schema: "evidence.v1" as const };
  const { findings } = diagnose(evidence, settings);
  const ends = ({ id }: ProposedAction) => id === "cancel-query" || id === "terminate-session";
  const actions = findings.flatMap((finding) => finding.actions).filter(ends);
  return {
    findings,
    actions,
    unasked: actions.filter((action) => action.automatic && unsureRefusal(action) === null),
  };
}
