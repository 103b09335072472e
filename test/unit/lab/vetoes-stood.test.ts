import { describe, expect, it } from "vitest";
import type { Acknowledged } from "../../lab/chaos/clients.ts";
import type { Deed } from "../../lab/chaos/deeds.ts";
import type { Fault } from "../../lab/chaos/faults/fault.ts";
import { wrongPromotions } from "../../lab/chaos/promises/vetoes-stood.ts";
import type { LedgerEntry } from "../../lab/rds/world/ledger.ts";
import { noon } from "../../support/failover-builder.ts";

const second = "orders-2";
const strike = () => undefined;

function entry(operation: string, id: string, what: LedgerEntry["what"], ms: number): LedgerEntry {
  return { at: new Date(noon + ms).toISOString(), operation, id, what, detail: "" };
}

function deed(what: Deed["what"], id = second, until: number | null = null): Deed {
  return { id, what, at: noon - 1000, until };
}

/** A primary that wrote until noon, was walled at four seconds, and a replica promoted at five. */
function judged(scene: {
  readonly fault?: Partial<Fault>;
  readonly deeds?: readonly Deed[];
  readonly engine?: "postgres" | "mysql";
  readonly lastRowAt?: number;
}) {
  const { fault = {}, deeds = [], engine = "postgres", lastRowAt = 0 } = scene;
  const rows = Array.from({ length: 80 }, (_, row): Acknowledged => {
    const sentAt = noon + lastRowAt - 100 * row;
    return { client: 1, row, by: "orders-1", sentAt, at: sentAt + 2 };
  });
  const calls = [
    entry("ModifyDBInstance", "orders-1", "asked", 4000),
    entry("PromoteReadReplica", second, "accepted", 5000),
    entry("PromoteReadReplica", second, "done", 5200),
  ];
  const stage = {
    ...{ engine, lab: { ledger: () => calls }, clients: { ledger: rows } },
    replicas: () => [{ id: second }, { id: "orders-3" }],
  };
  return wrongPromotions({ stage, fault: { strike, ...fault }, deeds }, [second]);
}

describe("the judge of chaos, by the ledgers alone", () => {
  it("F3 finds nothing against a replica that was fit, of a primary that was down", () => {
    expect(judged({})).toEqual([]);
  });

  it("F3 finds a primary that wrote until it was walled, unless that was the plan", () => {
    expect(judged({ lastRowAt: 4000 })).toEqual(["a primary that wrote was fenced"]);
    expect(judged({ lastRowAt: 4000, fault: { planned: true } })).toEqual([]);
    expect(judged({ lastRowAt: 4000, deeds: [deed("dead", "orders-1")] })).toEqual([]);
    expect(judged({ lastRowAt: 4000, deeds: [deed("dead", "orders-1", noon + 2000)] })).toHaveLength(1);
  });

  it("F3 finds one that was promoted while it applied nothing, late, or was dead, and not once that was over", () => {
    expect(judged({ deeds: [deed("applies nothing")] })).toEqual([
      `promoted ${second} though it was not applying`,
    ]);
    expect(judged({ deeds: [deed("applies late")] })).toHaveLength(1);
    expect(judged({ deeds: [deed("dead", second, noon + 3000)] })).toEqual([]);
    expect(judged({ deeds: [deed("dead", "orders-3")] })).toEqual([]);
  });

  it("F3 finds one that lacked what another one had, where that one could be had", () => {
    const cut = deed("cut off");
    expect(judged({ deeds: [cut] })).toHaveLength(1);
    expect(judged({ deeds: [cut, deed("dead", "orders-3")] })).toEqual([]);
  });

  it("F3 takes a broken stream for a veto where the engine says so itself", () => {
    const both = [deed("broken"), deed("dead", "orders-3")];
    expect(judged({ deeds: both, engine: "mysql" })).toHaveLength(1);
    expect(judged({ deeds: both })).toEqual([]);
  });

  it("F3 finds a plan that was carried out over a large transaction, and anybody's promotion where nobody was to be", () => {
    expect(judged({ fault: { planned: true }, deeds: [deed("works at much", "orders-1")] })).toHaveLength(1);
    expect(judged({ fault: { healthy: true } })).toHaveLength(2);
    expect(judged({ fault: { hopeless: true } })).toHaveLength(1);
  });
});
