import { ioPressure } from "../../facts/io-pressure.ts";
import { spilledOfLate, spilledText } from "../../facts/logged-work.ts";
import { bytesText, fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import type { FindingDraft } from "../define.ts";

/** Of what is written to the volume; less is a part like others. */
const largePercent = 30;
const mostPercent = 50;
/** Less is written away in no time. */
const noticeable = 4 * 1024 ** 2;

/** Where Performance Insights tells of none: what PostgreSQL's log says of temporary files that were removed. */
export function loggedSpill(view: View): readonly FindingDraft[] {
  const spilled = spilledOfLate(view);
  if (spilled === null || spilled.percentOfWrites === null || spilled.bytesPerSecond < noticeable) return [];
  const { bytesPerSecond, percentOfWrites } = spilled;
  if (percentOfWrites < largePercent) return [];
  const pressure = ioPressure(view);
  const slow = pressure !== null && pressure.severity !== "P3" && percentOfWrites >= mostPercent;
  const because = "it writes and reads temporary files";
  return [
    {
      subject: "log",
      severity: slow ? "P2" : "P3",
      confidence: fromOutside(view, 0.7),
      summary: `Statements sort or join on disk: ${spilledText(spilled)}`,
      evidence: [
        {
          source: "error log",
          says: `${bytesText(bytesPerSecond)} a second of temporary files, ${percentText(percentOfWrites)} of what is written to the volume; files that are still in use are not counted`,
        },
        {
          source: "engine",
          says: "a smaller result, an index that gives the order, or more work_mem for that user alone (ALTER ROLE … SET work_mem) spares the files; temp_file_limit bounds what one session may take",
        },
      ],
      explains: slow
        ? (["io-saturated", "burst-balance-exhausted", "write-stall"] as const).map((cause) => ({
            cause,
            because,
          }))
        : [],
      actions: [],
    },
  ];
}
