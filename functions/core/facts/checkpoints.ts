import {
  postgresDatabaseRatesWriterRows,
  type WriterRatesRow,
} from "../probes/postgres/database-rates-writer-rows.ts";
import { postgresSettingsRows } from "../probes/postgres/settings-rows.ts";
import { type LogWords, recentLogHits } from "./log-lines.ts";
import type { View } from "./view.ts";

export interface FrequentCheckpoints {
  readonly everySeconds: number;
  /** "3 in 1 s", "by the log", "at this rate". */
  readonly says: string;
  readonly source: string;
  readonly walBytesPerSecond: number | null;
  /** Of the bytes of the log, whole pages that only a checkpoint makes necessary; the most there can be. */
  readonly imagePercent: number | null;
  readonly maxWalBytes: number | null;
}

/** checkpoint_warning's default: the manual calls more frequent ones too frequent. */
const tooFrequentSeconds = 30;
const pageBytes = 8192;

/**
 * Checkpoints that the amount of log asks for. Aurora's storage has none. Three witnesses: two readings, the server's
 * own warning, and how soon the log that is written now fills its room. Commands ask for checkpoints too (CHECKPOINT,
 * backups, CREATE DATABASE): those come with little log.
 * https://www.postgresql.org/docs/current/wal-configuration.html
 */
export function frequentCheckpoints(view: View): FrequentCheckpoints | null {
  if (view.evidence.target.flavour === "aurora") return null;
  const row = view.rows(postgresDatabaseRatesWriterRows)?.[0] ?? null;
  const byLog = logged(view);
  const byLoad = row === null ? null : fillSeconds(view, row);
  const seen = row === null ? null : counted(row, byLoad);
  const witness = seen ?? byLog ?? (row === null ? null : projected(row, byLoad));
  if (witness === null || witness.everySeconds > tooFrequentSeconds) return null;
  const bytes = row?.walBytesPerSecond ?? null;
  const images = row?.walPageImagesPerSecond ?? null;
  return {
    ...witness,
    walBytesPerSecond: bytes,
    imagePercent:
      bytes === null || images === null || bytes === 0
        ? null
        : Math.min(100, (100 * images * pageBytes) / bytes),
    maxWalBytes: setting(view, "max_wal_size")?.bytes ?? null,
  };
}

type Witness = Pick<FrequentCheckpoints, "everySeconds" | "says" | "source">;

const fewest = 2;
/** The server's own warning (checkpoint_warning). */
export const tooFrequent: LogWords = {
  levels: ["LOG"],
  ofServer: true,
  says: /^checkpoints are occurring too frequently \((\d+) seconds? apart\)/,
};
/** Less log than fills its room in a few minutes asks for no checkpoint: somebody's command does. */
const byCommandSeconds = 180;

function counted(row: WriterRatesRow, byLoad: number | null): Witness | null {
  const { checkpointsRequested: requested, intervalSeconds: seconds } = row;
  if (requested === null || requested < fewest || (byLoad !== null && byLoad > byCommandSeconds)) return null;
  return {
    everySeconds: seconds / requested,
    says: `${requested} were asked for in ${Math.round(seconds * 10) / 10} s`,
    source: postgresDatabaseRatesWriterRows.id,
  };
}

function logged(view: View): Witness | null {
  const hits = recentLogHits(view.evidence, tooFrequent);
  const [most] = hits?.caught ?? [];
  if (hits === null || most === undefined || hits.count < fewest) return null;
  return {
    everySeconds: Math.max(1, Number(most.text)),
    says: `the server warned ${hits.count} times in 15 min`,
    source: "error log",
  };
}

/** One second's log may be a burst: only where most checkpoints since the reset came that way, or one just did. */
function projected(row: WriterRatesRow, byLoad: number | null): Witness | null {
  const { checkpointsTimed, checkpointsRequested } = row.sinceReset;
  const often = checkpointsRequested > 2 * checkpointsTimed && checkpointsRequested >= 10;
  if (byLoad === null || (!often && (row.checkpointsRequested ?? 0) === 0)) return null;
  return {
    everySeconds: byLoad,
    says: "what is written now fills max_wal_size so fast",
    source: postgresDatabaseRatesWriterRows.id,
  };
}

/** The next one begins when this part of max_wal_size is written, so that the log of two fits. */
function fillSeconds(view: View, { walBytesPerSecond }: WriterRatesRow): number | null {
  const most = setting(view, "max_wal_size")?.bytes ?? null;
  const spread = Number(setting(view, "checkpoint_completion_target")?.value ?? 0.9);
  if (most === null || walBytesPerSecond === null || walBytesPerSecond === 0) return null;
  return most / (1 + spread) / walBytesPerSecond;
}

function setting(view: View, wanted: string) {
  return view.rows(postgresSettingsRows)?.find(({ name }) => name === wanted) ?? null;
}
