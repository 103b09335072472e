import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { temporaryEater } from "../facts/temporary-eater.ts";
import type { View } from "../facts/view.ts";
import { endSession } from "./remedies.ts";

/** https://mariadb.com/kb/en/innodb-system-variables/#innodb_truncate_temporary_tablespace_now */
const shrinks = /^(?:11\.[3-9]|11\.\d\d|1[2-9])\./;

/**
 * A reader cannot write to the cluster's volume: what fits into neither limit fails at once, and is free at once.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams3-temptable-behavior.html
 */
function moreOnReader(): ProposedAction {
  return proposeManual({
    id: "free-temporary-space",
    spec: ["D4"],
    risk: "disruptive",
    preview:
      "-- in the parameter group of the reader: temptable_max_mmap (in local storage, see FreeLocalStorage), then temptable_max_ram (see FreeableMemory)",
    describes:
      "let the reader have larger temporary tables, or run the statement on the writer, then mend it: fewer rows or columns to group and sort",
    consequence:
      "Both limits hold for all sessions together. What is given in memory, all of them may take at once; the group changes every instance that uses it.",
  });
}

/** What a session's temporary tables take is free again when it ends; the file itself stays as large as it was. */
export function shrinkTemporarySpace({ evidence: { target }, server }: View): readonly ProposedAction[] {
  const version = server?.version ?? target.engineVersion ?? "";
  if (target.engine === "postgres") return [];
  if (target.flavour === "aurora" && target.role === "reader") return [moreOnReader()];
  const now = target.engine === "mariadb" && shrinks.test(version) && target.flavour === "self-managed";
  return [
    proposeManual({
      id: "free-temporary-space",
      spec: ["D4"],
      risk: now ? "safe" : "disruptive",
      preview: now
        ? "SET GLOBAL innodb_truncate_temporary_tablespace_now = 1"
        : "-- end the sessions whose temporary tables are largest; a restart shrinks the file",
      describes: now
        ? "give what no temporary table uses any more back to the volume"
        : "end the sessions that fill it, then mend their statements",
      consequence: now
        ? "Only what nobody uses is given back: first end the sessions that fill it."
        : "Their temporary tables are dropped, and others find room in the file at once; it shrinks at a restart only. Its limit (max in innodb_temp_data_file_path) can be changed with a restart.",
    }),
  ];
}

/** By a person, and of nobody beside whom another one writes: what it reads and writes is lost with it, and it will be tried again. */
export function endTemporaryEater(view: View): readonly ProposedAction[] {
  const eater = temporaryEater(view);
  return eater === null || eater.beside
    ? []
    : endSession(view, eater.session, {
        frees: 0,
        longestWaitSeconds: null,
        also: [
          `${eater.says}: it is free again once the session has ended, and not when its statement is cancelled`,
        ],
      });
}

/**
 * By hand: whose files are largest is to be seen at that moment, and ending whoever merely waits frees nothing.
 * https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-TEMP-FILE-LIMIT
 */
export function freeTemporaryFiles(): readonly ProposedAction[] {
  return [
    proposeManual({
      id: "free-temporary-space",
      spec: ["D4"],
      risk: "disruptive",
      preview:
        "-- cancel the statement whose temporary files are largest: SELECT pg_cancel_backend(pid), its pid from pg_stat_activity by its text",
      describes:
        "cancel the statement that fills it, then mend it: fewer rows or columns to sort, more work_mem",
      consequence:
        "Its files are freed at once and others find room; it fails, and comes back when its application tries again. temp_file_limit bounds what one session may take.",
    }),
  ];
}
