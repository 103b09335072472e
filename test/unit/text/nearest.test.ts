import { describe, expect, it } from "vitest";
import { nearest } from "../../../functions/core/text/nearest.ts";

const words = ["protectedUsers", "protectedQueries", "approvers", "modes", "name"];

describe("the word that somebody meant", () => {
  it.each([
    ["protectedUser", "protectedUsers"],
    ["PROTECTEDUSERS", "protectedUsers"],
    ["protcetedUsers", "protectedUsers"],
    ["protectedQuerys", "protectedQueries"],
    ["aprovers", "approvers"],
    ["mode", "modes"],
    ["nmae", "name"],
  ])("S6 of %s is %s", (written, meant) => {
    expect(nearest(written, words)).toBe(meant);
  });

  it.each(["", "x", "colour", "protected", "y".repeat(5000)])("S6 of %s is none of them", (written) => {
    expect(nearest(written, words)).toBeNull();
  });

  it("S6 takes a swap of two letters for one keystroke, and no more than it is told", () => {
    expect(nearest("nmae", ["name"], 1)).toBe("name");
    expect(nearest("nmea", ["name"], 1)).toBeNull();
  });
});
