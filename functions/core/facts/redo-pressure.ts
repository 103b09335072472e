import { mysqlEngineStateRows } from "../probes/mysql/engine-state/rows.ts";
import type { View } from "./view.ts";

/** A redo log that is nearly full and written through within minutes, or within seconds whatever its level: pages have to be flushed at the pace of the writes. */
export interface RedoPressure {
  readonly source: string;
  /** Of its capacity, at the lower of two moments. */
  readonly usedPercent: number;
  readonly capacityBytes: number;
  readonly writtenPerSecond: number;
  /** After so long, what is written now is overwritten. */
  readonly lastsSeconds: number;
  readonly parameter: string;
  readonly parameterBytes: number;
}

/**
 * From three quarters on MySQL flushes whatever it takes, and a small log keeps a margin beside that.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-buffer-pool-flushing.html
 */
export const fullPercent = 70;
/** A log that lasts for a quarter of an hour lets a page be written many times before it has to be flushed. */
const shortSeconds = 600;
/** Written through within seconds it is full and freed many times between two looks, which then meet any level. */
const racingSeconds = 5;

/** Null where the log has room, or is written too slowly to matter; on Aurora, which has none; on PostgreSQL. */
export function redoPressure(view: View): RedoPressure | null {
  const redo = view.rows(mysqlEngineStateRows)?.[0]?.redo ?? null;
  if (redo === null || redo.writtenPerSecond === null || redo.writtenPerSecond <= 0) return null;
  const { capacityBytes, writtenPerSecond, parameter, parameterBytes } = redo;
  const usedPercent = Math.min(100, (100 * Math.min(...redo.ageBytes)) / capacityBytes);
  const lastsSeconds = capacityBytes / writtenPerSecond;
  const full = usedPercent >= fullPercent && lastsSeconds <= shortSeconds;
  if (!full && lastsSeconds > racingSeconds) return null;
  return {
    source: mysqlEngineStateRows.id,
    usedPercent,
    capacityBytes,
    writtenPerSecond,
    lastsSeconds,
    parameter,
    parameterBytes,
  };
}
