import { describe, expect, it } from "vitest";
import { metadataConflicts, metadataPriority } from "../../../functions/core/locks/mysql-metadata-modes.ts";

const conflicts = (held: string, wanted: string): boolean => metadataConflicts("metadata", held, wanted);

/** The manual's table of MDL types, strongest last; + stands beside, - waits. Rows want, columns hold. */
const modes = [
  "SHARED_READ",
  "SHARED_WRITE",
  "SHARED_UPGRADABLE",
  "SHARED_READ_ONLY",
  "SHARED_NO_WRITE",
  "SHARED_NO_READ_WRITE",
  "EXCLUSIVE",
] as const;
const matrix = ["+++++--", "+++----", "++-+---", "+-+++--", "+--+---", "-------", "-------"].map((row) =>
  row.replaceAll(" ", ""),
);

describe("conflicts of metadata locks", () => {
  it("P25 answers the matrix of table locks", () => {
    for (const [row, wanted] of modes.entries()) {
      for (const [column, held] of modes.entries()) {
        expect(`${wanted} beside ${held}: ${conflicts(held, wanted)}`).toBe(
          `${wanted} beside ${held}: ${matrix[row]?.[column] === "-"}`,
        );
      }
    }
  });

  it("P25 is symmetric, as what stands beside does not depend on who came first", () => {
    for (const a of modes) for (const b of modes) expect(conflicts(a, b)).toBe(conflicts(b, a));
  });

  it("P25 lets SHARED and SHARED_HIGH_PRIO wait for EXCLUSIVE only", () => {
    for (const held of modes) {
      expect(conflicts(held, "SHARED_HIGH_PRIO")).toBe(held === "EXCLUSIVE");
      expect(conflicts(held, "SHARED")).toBe(held === "EXCLUSIVE");
    }
  });

  it("P25 lets a global read lock stop writers and other writers pass", () => {
    expect(conflicts("SHARED", "INTENTION_EXCLUSIVE")).toBe(true);
    expect(conflicts("INTENTION_EXCLUSIVE", "SHARED")).toBe(true);
    expect(conflicts("INTENTION_EXCLUSIVE", "INTENTION_EXCLUSIVE")).toBe(false);
    expect(conflicts("SHARED", "SHARED")).toBe(false);
    expect(conflicts("BACKUP_FTWRL2", "BACKUP_TRANS_DML")).toBe(true);
    expect(conflicts("BACKUP_FTWRL2", "BACKUP_COMMIT")).toBe(true);
    expect(conflicts("BACKUP_FTWRL1", "BACKUP_COMMIT")).toBe(false);
    expect(conflicts("BACKUP_FTWRL2", "BACKUP_FTWRL1")).toBe(false);
  });

  it("P25 takes an unknown type for one that waits", () => {
    expect(conflicts("SHARED_READ", "SOMETHING_NEW")).toBe(true);
  });

  it("P25 puts a waiting EXCLUSIVE before readers and writers, whoever came first", () => {
    const order = ["SHARED_READ", "SHARED_WRITE", "EXCLUSIVE", "SHARED_NO_READ_WRITE", "SHARED_HIGH_PRIO"];
    expect(order.toSorted((a, b) => metadataPriority(a) - metadataPriority(b))).toEqual([
      "SHARED_HIGH_PRIO",
      "EXCLUSIVE",
      "SHARED_NO_READ_WRITE",
      "SHARED_WRITE",
      "SHARED_READ",
    ]);
  });
});
