import { type FrequentCheckpoints, frequentCheckpoints } from "../../facts/checkpoints.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { bytesText, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { waitShare } from "../../facts/workload.ts";
import { postgresTopStatementsRows } from "../../probes/postgres/top-statements/top-statements-rows.ts";
import { raiseMaxWalSize } from "../../remedies/wal-remedies.ts";
import { duration, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** No checkpoint is done properly in less. */
const severeSeconds = 10;
const waitingPercent = 30;

/** PostgreSQL's write stall: the log reaches max_wal_size long before the checkpoint that it asks for has had its time. */
export function checkpointDrafts(view: View): readonly FindingDraft[] {
  const checkpoints = frequentCheckpoints(view);
  if (checkpoints === null) return [];
  const suffering = sufferingText(view);
  return [
    {
      subject: "checkpoints",
      severity: suffering !== null || checkpoints.everySeconds < severeSeconds ? "P2" : "P3",
      confidence: suffering === null ? 0.75 : 0.85,
      summary: `Checkpoints come ${checkpoints.everySeconds < 1 ? "several times a second" : `every ${duration(Math.round(checkpoints.everySeconds))}`} because the log fills max_wal_size${sizeText(checkpoints)}: pages are written again and again, and whole pages into the log${suffering === null ? "; nothing waits for it now" : `; ${suffering}`}`,
      evidence: [
        { source: checkpoints.source, says: checkpoints.says },
        ...logText(checkpoints),
        ...writerText(view),
      ],
      explains: [
        ...(["io-saturated", "commit-stall", "burst-balance-exhausted"] as const).map((cause) => ({
          cause,
          because: "checkpoints so close together write the same pages again and again",
        })),
        { cause: "maintenance-at-peak", subject: "checkpoints", because: "it is these checkpoints" },
      ],
      actions: raiseMaxWalSize(view, checkpoints),
    },
  ];
}

function sizeText({ maxWalBytes }: FrequentCheckpoints): string {
  return maxWalBytes === null ? "" : ` (${bytesText(maxWalBytes)})`;
}

/** The writers of log and checkpoints wait as well: one or two sessions are no crowd. */
function sufferingText(view: View): string | null {
  const waiting = waitShare(view, ({ name }) => /WAL|Wal|Checkpoint(?:Start|Done)/.test(name));
  if (waiting !== null && waiting.percent >= waitingPercent && waiting.averageSessions >= 2)
    return `${waiting.says}, wait for the log or for a checkpoint`;
  const io = ioPressure(view);
  return io === null || io.severity === "P3" ? null : io.says;
}

function logText({ walBytesPerSecond: bytes, imagePercent }: FrequentCheckpoints): FindingDraft["evidence"] {
  if (bytes === null) return [];
  const images =
    imagePercent === null
      ? ""
      : `, up to ${percentText(imagePercent)} of it pages as a whole (full_page_writes)`;
  return [{ source: "postgres-database-rates-writer", says: `${bytesText(bytes)} of log a second${images}` }];
}

/** Who writes most of it, where statements are counted. */
function writerText(view: View): FindingDraft["evidence"] {
  const rows = (view.rows(postgresTopStatementsRows) ?? []).filter(({ own }) => !own);
  const first = rows.toSorted((a, b) => b.now.walBytesPerSecond - a.now.walBytesPerSecond)[0];
  const text = statementText(first?.query ?? null);
  if (first === undefined || text === null || first.now.walBytesPerSecond === 0) return [];
  return [
    {
      source: postgresTopStatementsRows.id,
      says: `most of it by ${text} (${bytesText(first.now.walBytesPerSecond)} a second)`,
    },
  ];
}
