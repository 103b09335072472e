import { type Asleep, asleep } from "../../facts/asleep.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Asleep is not unreachable: nobody has come, and whoever comes wakes it. Null while it is awake. */
export function asleepDraft(view: View): FindingDraft | null {
  const sleep = asleep(view);
  return sleep === null ? null : draftOf(view, sleep);
}

function draftOf(
  { evidence: { context, connection } }: View,
  { minutes, source, says }: Asleep,
): FindingDraft {
  const after = context?.topology?.cluster?.serverless?.autoPauseSeconds ?? null;
  const rule = after === null ? "" : `, as it may after ${duration(after)} without a connection`;
  return {
    subject: "",
    severity: "P3",
    confidence: 0.85,
    summary: `Serverless v2 is asleep at 0 ACU${minutes === null ? "" : ` for ${minutes} min`}${rule}: any connection wakes it, within some 15 s, or 30 s and more when it has slept for a day; clients have to wait that long or try again`,
    evidence: [
      { source, says },
      {
        source: "connection",
        says: `failed at ${connection.failedStep ?? "an unknown step"} after ${duration(connection.tookMs / 1000)}: the responder's own attempt wakes it as well`,
      },
      { source: "engine", says: "a minimum capacity of 0.5 ACU keeps it awake, at a price" },
    ],
    explains: [],
    actions: [],
  };
}
