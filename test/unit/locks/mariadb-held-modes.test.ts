import { describe, expect, it } from "vitest";
import type { LockRequest } from "../../../functions/core/locks/lock-request.ts";
import { mariadbHeldModes } from "../../../functions/core/locks/mariadb-held-modes.ts";
import { metadataConflicts } from "../../../functions/core/locks/mysql-metadata-modes.ts";

function aRequest(owner: string, mode: string, granted: boolean, object = "app.orders"): LockRequest {
  const objectKind = object === "app.orders" ? "metadata" : "global";
  return { owner, object, objectKind, mode, granted, order: 0, waitSeconds: null, explicit: false };
}

const heldBy = (requests: readonly LockRequest[], owner = "alter"): readonly string[] =>
  mariadbHeldModes(requests)
    .filter((request) => request.owner === owner && request.granted)
    .map(({ mode }) => mode);
const stops = (held: string, wanted: string): boolean => metadataConflicts("metadata", held, wanted);

describe("locks that MariaDB shows as first asked for", () => {
  const alter = aRequest("alter", "SHARED_UPGRADABLE", true);
  const writer = aRequest("writer", "SHARED_WRITE", false);

  it("P25 takes an ALTER for the cause of waits that nothing else explains", () => {
    const [held = ""] = heldBy([alter, writer]);
    expect(held).toBe("up to EXCLUSIVE");
    expect([stops(held, "SHARED_WRITE"), stops(held, "SHARED_READ")]).toEqual([true, true]);
  });

  it("P25 lets a strong request that waits explain why readers do", () => {
    const [held = ""] = heldBy([alter, writer, aRequest("truncate", "EXCLUSIVE", false)]);
    expect(held).toBe("up to SHARED_NO_WRITE");
    expect([stops(held, "SHARED_WRITE"), stops(held, "SHARED_READ")]).toEqual([true, false]);
  });

  it("P25 leaves who only asks for more, and other objects, as they are shown", () => {
    expect(heldBy([alter, writer, aRequest("alter", "EXCLUSIVE", false)])).toEqual(["SHARED_UPGRADABLE"]);
    expect(heldBy([alter, aRequest("truncate", "EXCLUSIVE", false, "app.others")])).toEqual([
      "up to EXCLUSIVE",
    ]);
    expect(heldBy([writer, aRequest("reader", "SHARED_READ", true)], "reader")).toEqual(["SHARED_READ"]);
  });

  it("P25 knows that a global read lock stops commits, and a backup stage may", () => {
    const held = (mode: string) => heldBy([aRequest("backup", mode, true, "all tables")], "backup")[0] ?? "";
    expect(held("BACKUP_FTWRL1")).toBe("BACKUP_FTWRL2");
    for (const mode of ["BACKUP_BLOCK_DDL", "BACKUP_START"]) {
      expect(held(mode)).toBe("up to BACKUP_WAIT_COMMIT");
    }
    const stage = held("BACKUP_BLOCK_DDL");
    for (const wanted of ["BACKUP_COMMIT", "BACKUP_DDL", "BACKUP_DML", "BACKUP_BLOCK_DDL"]) {
      expect(`${wanted}: ${stops(stage, wanted)}`).toBe(`${wanted}: true`);
    }
    expect(stops(stage, "BACKUP_TRANS_DML")).toBe(false);
  });
});
