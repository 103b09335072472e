import type { ProposedAction } from "../contract/finding.ts";
import type { RedoPressure } from "../facts/redo-pressure.ts";
import type { View } from "../facts/view.ts";
import { mostLogBytes } from "./log-room.ts";
import { setMysqlParameter } from "./mysql-parameter-remedies.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const mostGib = 16;
/** An hour of the writes of a busy time. https://dev.mysql.com/doc/refman/8.4/en/innodb-redo-log.html */
const goalSeconds = 3600;

/**
 * Only where the size can be changed while the server runs: MySQL from 8.0.30 on, MariaDB from 10.9 on. Elsewhere it is
 * a static parameter, which takes a restart and is said in the finding.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-redo-log.html#innodb-modifying-redo-log-capacity
 * https://mariadb.com/kb/en/innodb-system-variables/#innodb_log_file_size
 */
export function enlargeRedo(view: View, redo: RedoPressure): readonly ProposedAction[] {
  const { parameter, parameterBytes, writtenPerSecond } = redo;
  if (!isDynamic(view, redo)) return [];
  const wanted = Math.ceil((writtenPerSecond * goalSeconds) / gib) * gib;
  const most = mostLogBytes(view, parameterBytes, mostGib * gib);
  const value = Math.floor(Math.min(most, Math.max(wanted, 2 * parameterBytes)) / mib) * mib;
  if (value <= parameterBytes) return [];
  return [
    setMysqlParameter(view, {
      id: "enlarge-redo-log",
      name: parameter,
      value,
      was: parameterBytes,
      consequence:
        "Pages are flushed later and fewer times. It takes that much more storage, so look at what is free first, and a crash recovery reads more, minutes at worst.",
    }),
  ];
}

export function isDynamic(view: View, { parameter }: RedoPressure): boolean {
  if (parameter === "innodb_redo_log_capacity") return true;
  const version = view.server?.version ?? view.evidence.target.engineVersion ?? "";
  return view.evidence.target.engine === "mariadb" && /^(?:10\.(?:9|1\d)|1[1-9])\./.test(version);
}
