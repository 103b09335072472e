import { ioPressure } from "../../facts/io-pressure.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { postgresTempFilesRows, type TempFilesRow } from "../../probes/postgres/temp-files-rows.ts";
import { limitTempFiles, workMemoryText } from "../../remedies/spill-remedies.ts";
import { duration, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const mib = 1024 ** 2;
/** A sort of a report; less comes and goes. */
const noticeableBytes = 64 * mib;
/** So much of what is free is in danger, whether it grows or not. */
const dangerousShare = 0.25;
const soonSeconds = 3600;
const toldApart = 3;

/** Statements that have not ended: no counter of the server knows of their files yet. */
export function runningSpillDrafts(view: View): readonly FindingDraft[] {
  return (view.rows(postgresTempFilesRows) ?? [])
    .filter(({ bytes }) => bytes >= noticeableBytes)
    .slice(0, toldApart)
    .map((row) => draftOf(view, row));
}

function draftOf(view: View, row: TempFilesRow): FindingDraft {
  const danger = dangerText(view, row);
  const io = ioPressure(view);
  const slow = io !== null && io.severity !== "P3" && (row.bytesPerSecond ?? 0) > mib;
  const hurts = danger ?? (slow ? "storage is slow meanwhile" : null);
  const text = statementText(row.query);
  const subject = `session:${row.pid}`;
  const because = `its temporary files take ${bytesText(row.bytes)}`;
  return {
    subject,
    severity: hurts === null ? "P3" : "P2",
    confidence: 0.9,
    summary: `${sizeText(row)}; ${hurts ?? "nothing suffers from it now"}`,
    evidence: [...(text === null ? [] : [`statement: ${text}`]), ...workMemoryText(view, row.user)].map(
      (says) => ({ source: postgresTempFilesRows.id, says }),
    ),
    explains: [
      ...(danger === null
        ? []
        : (["storage-low", "temporary-space-full"] as const).map((cause) => ({ cause, because }))),
      ...(slow ? [{ cause: "io-saturated" as const, because }] : []),
      ...(hurts === null ? [] : [{ cause: "long-running-query" as const, subject, because }]),
    ],
    actions: danger === null ? [] : limitTempFiles(view, row),
  };
}

function sizeText({ pid, user, application, bytes, bytesPerSecond, statementSeconds }: TempFilesRow): string {
  const pace = bytesPerSecond ?? 0;
  const grows = pace > 0 ? `, ${bytesText(pace)} more each second` : "";
  const who = [application && `app ${application}`, user && `user ${user}`, `pid ${pid}`].filter(
    (part) => part,
  );
  return `A statement that runs has ${bytesText(bytes)} of temporary files${grows} (${who.join(", ")}, for ${duration(statementSeconds)})`;
}

/** Aurora keeps temporary files on the instance's own disk. */
function dangerText(view: View, { bytes, bytesPerSecond }: TempFilesRow): string | null {
  const aurora = view.evidence.target.flavour === "aurora";
  const free = metricFact(view, aurora ? "FreeLocalStorage" : "FreeStorageSpace")?.latest ?? null;
  if (free === null) return null;
  const left = (bytesPerSecond ?? 0) > 0 ? free / (bytesPerSecond ?? 1) : null;
  if (left !== null && left <= soonSeconds)
    return `storage with ${bytesText(free)} free is full in ${duration(left)} at this rate`;
  return bytes >= dangerousShare * free ? `no more than ${bytesText(free)} of storage are free` : null;
}
