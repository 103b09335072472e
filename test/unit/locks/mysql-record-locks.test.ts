import { describe, expect, it } from "vitest";
import { innodbConflicts } from "../../../functions/core/locks/mysql-record-locks.ts";

const row = (held: string, wanted: string): boolean => innodbConflicts("row", held, wanted);

describe("conflicts of InnoDB record locks", () => {
  it("P24 lets shared locks stand beside each other and nothing beside an exclusive one", () => {
    expect(row("S,REC_NOT_GAP", "S")).toBe(false);
    expect(row("S", "X,REC_NOT_GAP")).toBe(true);
    expect(row("X,REC_NOT_GAP", "S")).toBe(true);
    expect(row("X", "X")).toBe(true);
  });

  it("P24 lets a gap lock keep inserts waiting and nothing else", () => {
    expect(row("X,GAP", "X,GAP,INSERT_INTENTION")).toBe(true);
    expect(row("S,GAP", "X,GAP,INSERT_INTENTION")).toBe(true);
    expect(row("X,GAP", "X,REC_NOT_GAP")).toBe(false);
    expect(row("X,GAP", "X")).toBe(false);
    expect(row("X", "X,GAP")).toBe(false);
  });

  it("P24 lets a next-key lock keep inserts waiting, a record lock not", () => {
    expect(row("X", "X,GAP,INSERT_INTENTION")).toBe(true);
    expect(row("X", "X,INSERT_INTENTION")).toBe(true);
    expect(row("X,REC_NOT_GAP", "X,GAP,INSERT_INTENTION")).toBe(false);
  });

  it("P24 lets an insert intention keep nobody waiting", () => {
    expect(row("X,GAP,INSERT_INTENTION", "X,GAP,INSERT_INTENTION")).toBe(false);
    expect(row("X,GAP,INSERT_INTENTION", "X")).toBe(false);
  });

  it("P24 knows the table locks: intentions among themselves, LOCK TABLES against writers", () => {
    expect(innodbConflicts("table", "IX", "IX")).toBe(false);
    expect(innodbConflicts("table", "S", "IX")).toBe(true);
    expect(innodbConflicts("table", "S", "IS")).toBe(false);
    expect(innodbConflicts("table", "X", "IS")).toBe(true);
    expect(innodbConflicts("table", "AUTO_INC", "AUTO_INC")).toBe(true);
    expect(innodbConflicts("table", "AUTO_INC", "IX")).toBe(false);
  });
});
