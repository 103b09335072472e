import type { ProposedAction, Severity } from "../contract/finding.ts";
import type { Blamed } from "../facts/blamed-change.ts";
import { keepsRelayLog } from "../facts/relay-log.ts";
import type { View } from "../facts/view.ts";
import { setLoggingBack } from "./aws/logging-remedies.ts";
import { growStorage, withheldStorage } from "./aws/storage-remedies.ts";
import { shortenBinlogs } from "./binlog-remedies.ts";
import { endTemporaryEater } from "./temporary-space-remedies.ts";

const relayFirst =
  "what fills it is the relay log of a replica that applies nothing: put right, or made anew from its source, it needs no more";
const eaterFirst =
  "what one session's temporary tables take is free again when it ends, and a larger volume stays and is paid for";

interface Known {
  /** "P0": stopped, "P1": all but full. */
  readonly severity: Severity;
  /** What was set to log so much. */
  readonly logging: Blamed | null;
  /** They fill it. */
  readonly binlogs: boolean;
}

/** Of a volume that runs full: what stops it comes before more room, but for a database that is stopped. */
export function makeRoom(view: View, { severity, logging, binlogs }: Known): readonly ProposedAction[] {
  const stopped = severity === "P0";
  const setBack = logging === null ? [] : setLoggingBack(view, logging.change);
  const ends = endTemporaryEater(view);
  const relay = keepsRelayLog(view);
  const first = relay ? relayFirst : ends.length > 0 ? eaterFirst : "";
  // To mend a replica, or to roll back what is ended, takes longer than a volume has that is all but full.
  const soon = severity === "P1";
  const grow =
    stopped || first === "" ? growStorage(view, { stopped }) : withheldStorage(view, first, { soon });
  const stops = [...setBack, ...ends, ...(binlogs ? shortenBinlogs(view) : [])];
  // A volume never shrinks again: room is made for a database that is stopped, else when nothing else helps.
  return stopped ? [...grow, ...stops] : [...stops, ...grow];
}
