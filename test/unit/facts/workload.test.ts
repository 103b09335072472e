import { describe, expect, it } from "vitest";
import { ioPressure } from "../../../functions/core/facts/io-pressure.ts";
import { lookedDeeper } from "../../support/statement-builder.ts";

const waiting = (waitEvent: string) =>
  lookedDeeper({
    "postgres-wait-profile": [
      {
        waitEventType: "IO",
        waitEvent,
        samples: 10,
        windowSeconds: 1,
        observations: 90,
        averageSessions: 9,
        percent: 90,
        distinctSessions: 9,
        query: null,
      },
    ],
  });

describe("what working sessions wait for", () => {
  it("P19 takes the I/O workers of 18 for no proof that storage is slow", () => {
    expect(ioPressure(waiting("DataFileRead"))?.severity).toBe("P2");
    expect(ioPressure(waiting("AioIoCompletion"))).toBeNull();
  });
});
