import type { FailoverRun } from "../../../../functions/core/contract/failover.ts";
import type { Engine } from "../../engines/lab-server.ts";
import type { Lab } from "../../rds/start-lab.ts";
import type { Database } from "../../rds/world/database.ts";
import type { LedgerEntry } from "../../rds/world/ledger.ts";
import type { Clients } from "../clients.ts";
import type { Deed, Span } from "../deeds.ts";
import type { Fault } from "../faults/fault.ts";
import type { Stage } from "../stage.ts";

/** Of a stage what the ledgers say: where vetoes stood is judged by nothing else. */
export interface Records {
  readonly engine: Engine;
  readonly lab: Pick<Lab, "ledger">;
  readonly clients: Pick<Clients, "ledger">;
  replicas(): readonly Pick<Database, "id">[];
}

/** What is judged. */
export interface Case {
  readonly stage: Stage;
  readonly fault: Fault;
  readonly runs: readonly FailoverRun[];
  readonly startedAt: number;
  /** Clients wrote again, or had no time left for it. */
  readonly settledAt: number;
  readonly deeds: readonly Deed[];
  readonly pauses: readonly Span[];
  /** The old primary took a row when it had come back. */
  readonly opened: boolean;
}

export function callsOf(
  { lab }: Pick<Records, "lab">,
  operation: string,
  what: LedgerEntry["what"],
): readonly LedgerEntry[] {
  return lab.ledger().filter((entry) => entry.operation === operation && entry.what === what);
}
