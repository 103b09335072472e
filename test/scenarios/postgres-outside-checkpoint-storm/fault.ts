import { about, defineOutside } from "../support/outside.ts";
import { minutesAgo } from "../support/rds.ts";

function line(minutes: number, text: string): string {
  return `${minutesAgo(minutes).slice(0, 19).replace("T", " ")} UTC::@:[412]:LOG: ${text}`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title: "No way in; the volume of WAL asks for a checkpoint every minute, and storage is busy with them",
  measured: () => [
    { id: "WriteLatency", values: about(0.06), unit: "seconds", day: 0.003, week: 0.003 },
    { id: "WriteIOPS", values: about(2600), unit: "per-second", day: 420, week: 410 },
    { id: "DiskQueueDepth", values: about(24), unit: "count", day: 1 },
    { id: "CPUUtilization", values: about(52), unit: "percent", day: 40, week: 41 },
  ],
  rds: () => ({
    logs: [
      {
        file: "error/postgresql.log",
        kind: "error",
        lastWrittenAt: minutesAgo(1),
        truncated: true,
        lines: [9, 8, 7, 6, 5, 4, 3, 2].flatMap((minutes) => [
          line(minutes, "checkpoint starting: wal"),
          line(
            minutes - 0.5,
            "checkpoint complete: wrote 41211 buffers (31.4%); sync=9.120 s, total=28.004 s",
          ),
        ]),
      },
    ],
    load: [
      {
        by: "statement",
        items: [{ name: "INSERT INTO events SELECT $1", id: null, load: 2.2, waits: [] }],
      },
    ],
  }),
});
