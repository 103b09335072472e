import type { Explanation } from "../../contract/explanation.ts";
import { capacityOf, explainsPressure } from "../../facts/capacity.ts";
import { poolAdvice } from "../../facts/pool-advice.ts";
import { vcpusOfTarget } from "../../facts/rds-facts.ts";
import { type SessionChurn, sessionChurn } from "../../facts/session-churn.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Fewer are what scripts, health checks and monitors make. */
const minPerSecond = 20;
/** A sign-in costs a process or a thread, a handshake and a password's hash: milliseconds of CPU. */
const dearPerSecond = 50;
const vcpusForThat = 8;
/** Those that do more are a page or a job each, or others work beside them: the sign-in may be the smaller part. */
const littleWork = 5;
/** So many of them do not stay: a pool that is being filled is none of it. */
const minGone = 0.7;
/** Right after a start all come back at once. */
const settledSeconds = 60;

/** Sessions that live for milliseconds: nobody sees them, and each costs more than what it asks. */
export function churnDraft(view: View): readonly FindingDraft[] {
  const churn = sessionChurn(view);
  if (churn === null || churn.openedPerSecond < minPerSecond || churn.goneShare < minGone) return [];
  const few = churn.statementsEach !== null && churn.statementsEach <= littleWork;
  const dear =
    churn.openedPerSecond >= dearPerSecond * Math.max(1, (vcpusOfTarget(view) ?? 1) / vcpusForThat);
  if (!few && !dear) return [];
  return [
    {
      subject: "churn",
      severity: few && dear ? "P2" : "P3",
      confidence: few ? 0.75 : 0.5,
      summary: `${rounded(churn.openedPerSecond)} sessions a second are opened and closed again${few ? eachText(view, churn) : ""}${churn.whose === null ? "" : `; ${churn.whose}`}`,
      evidence: [
        {
          source: churn.source,
          says: `${Math.round(churn.goneShare * 100)} % of those that signed in had gone again; ${hereText(view)}`,
        },
        poolAdvice,
      ],
      explains: dear ? explained(view, churn.openedPerSecond) : [],
      actions: [],
    },
  ];
}

function eachText({ evidence }: View, { statementsEach }: SessionChurn): string {
  const what = evidence.target.engine === "postgres" ? "transactions" : "statements";
  return `, each for ${rounded(statementsEach ?? 0)} ${what} or so: signing in costs more than what they ask`;
}

function hereText(view: View): string {
  const { uptimeSeconds = null } = view.server ?? {};
  const here = capacityOf(view)?.used ?? null;
  const started = uptimeSeconds !== null && uptimeSeconds < settledSeconds;
  return `${here ?? "an unknown number of"} sessions were seen at one time${started ? `, ${duration(uptimeSeconds)} after the start` : ""}`;
}

function explained(view: View, perSecond: number): readonly Explanation[] {
  const because = `${rounded(perSecond)} sign-ins a second take CPU and slots, and everybody's statements wait for it`;
  const used = capacityOf(view)?.used ?? 0;
  return [
    { cause: "cpu-saturated", because },
    { cause: "instance-undersized", because },
    ...explainsPressure(view, used, used).map(({ cause }) => ({ cause, because })),
  ];
}
