import { describe, expect, it } from "vitest";
import { isBeforeLast, isPhrase } from "../../../functions/core/text/server-phrases.ts";
import { grouped, wrapped } from "../../support/phrases/group-pairs.ts";
import { phrasesOf, tokensOf } from "../../support/phrases/phrases.ts";
import { messagesIn } from "../../support/phrases/postgres-source.ts";

const source = `
  if (full) /* a "remark" (here) */
    ereport(WARNING,
        (errcode(ERRCODE_DISK_FULL),
         errmsg_plural("queue \\"%s\\" is %d byte " "behind", "queue \\"%s\\" is %d bytes behind", n, name(a), n),
         errhint("End the listener %" PRIu64 ".", pid)));
  elog(PANIC, "lost (really)");
`;

describe("phrases of the servers' messages", () => {
  it("D2 are read from the source of PostgreSQL, with the level and what belongs to it", () => {
    expect(messagesIn(source, "a.c").map(({ level, code, part, text }) => [level, code, part, text])).toEqual(
      [
        ["WARNING", "DISK_FULL", "errmsg_plural", 'queue "%s" is %d byte behind'],
        ["WARNING", "DISK_FULL", "errmsg_plural", 'queue "%s" is %d bytes behind'],
        ["WARNING", "DISK_FULL", "errhint", "End the listener %d."],
        ["PANIC", null, "elog", "lost (really)"],
      ],
    );
  });

  it("D2 are of words, numbers and what is put in", () => {
    expect(tokensOf(`queue "%s" of %d is 7%% 'members' can't %-.64s`)).toEqual([
      ...["queue", "?", "of", "#", "is", "#", "'members'", "can't", "?"],
    ]);
  });

  it("D2 are as few pairs as have each unknown word, and the words beside a number", () => {
    const { pairs, beforeNumber, behindNumber, beforeLast } = phrasesOf([
      "the listener of %d sessions has paused",
      "the listener is gone with PID %d",
    ]);
    expect(pairs).toEqual([
      ["has", "paused"],
      ["is", "gone"],
      ["the", "listener"],
    ]);
    expect([beforeNumber, behindNumber, beforeLast]).toEqual([["of"], ["sessions"], [["with", "pid"]]]);
  });

  it("D2 are written once each, under the word that has the most others", () => {
    const { byFirst, bySecond } = grouped([
      ["the", "queue"],
      ["the", "listener"],
      ["a", "queue"],
      ["no", "queue"],
    ]);
    expect([byFirst, bySecond]).toEqual([[], ["|listener the", "|queue a no the"]]);
    expect(wrapped(["|a b c", "|d e"])).toBe("a b c|d e");
  });

  it("D2 are found as they were written", () => {
    expect(isPhrase("has", "paused")).toBe(true);
    expect(isPhrase("paused", "has")).toBe(false);
    expect(isPhrase("notify", "queue")).toBe(true);
    expect(isPhrase("", "")).toBe(false);
    expect(isBeforeLast("value", "was")).toBe(true);
  });
});
