import type { Evidence } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { notJudgedYet } from "../../functions/core/diagnosis/not-judged-yet.ts";
import type { Settings } from "../../functions/core/settings.ts";

/** The answer to one look: a quick one that finds nothing is no verdict, for whoever reads it now or replays it. */
export function judge(evidence: Evidence, settings: Settings): Diagnosis {
  return notJudgedYet(diagnose(evidence, settings), evidence);
}
