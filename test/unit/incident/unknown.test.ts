import { describe, expect, it } from "vitest";
import { secondsLater } from "../../support/incident-builder.ts";
import { aSummary, look, play, unknown, well } from "../../support/incident-play.ts";

describe("a look that could not see enough", () => {
  it("D7 starts no recovery: looks that see nothing for half an hour resolve nothing", () => {
    const looks = Array.from({ length: 40 }, (_, index) => look(index + 1, index * 60, unknown));
    const incident = play(looks);
    expect(incident.healthySince).toBeNull();
    expect(incident.step.kind).toBe("watch");
    expect(incident.status).toBe("escalated");
  });

  it("D7 continues no recovery: the half hour begins again when all was seen again", () => {
    const incident = play([look(1, 0, well), look(2, 900, unknown), look(3, 960, well), look(4, 1900, well)]);
    expect(incident.healthySince).toBe(secondsLater(960));
    expect(incident.step.kind).toBe("watch");
  });

  it("D7 says what could not be seen", () => {
    const incident = play([look(1, 0, unknown)]);
    const told = incident.timeline.at(-1)?.says;
    expect(told).toContain("orders-prod is well cannot be judged");
    expect(told).toContain("probe postgres-blocking: timed out");
    expect(incident.step).toMatchObject({ kind: "watch", why: expect.stringContaining("postgres-blocking") });
  });

  it("V4 is a person's matter after ten minutes, not before, and once", () => {
    const before = play([look(1, 0, unknown), look(2, 599, unknown)]);
    expect(before.status).toBe("investigating");
    const after = play([
      look(1, 0, unknown),
      look(2, 599, unknown),
      look(3, 600, unknown),
      look(4, 660, unknown),
    ]);
    expect(after.status).toBe("escalated");
    expect(after.severity).toBe("P2");
    expect(after.timeline.filter(({ kind }) => kind === "escalation")).toHaveLength(1);
  });

  it("V4 that takes turns with well looks is a person's matter too", () => {
    const turns = Array.from({ length: 31 }, (_, n) => look(n + 1, n * 20, n % 2 === 0 ? unknown : well));
    expect(play(turns).status).toBe("escalated");
  });

  it("V4 is forgotten after a time of health as long as the doubt was", () => {
    const incident = play([
      look(1, 0, unknown),
      look(2, 60, well),
      look(3, 120, well),
      look(4, 620, unknown),
    ]);
    expect(incident.status).toBe("investigating");
    expect(incident.unclearSince).toBe(secondsLater(620));
  });

  it("V4 a probing function that broke does not make the database unreachable", () => {
    const blind = { ...unknown, connected: false, unreachable: false };
    const incident = play([look(1, 0, blind), look(2, 300, blind)]);
    expect(incident.unreachableSince).toBeNull();
    expect(JSON.stringify(incident.timeline)).not.toContain("unreachable");
  });

  it("D7 does not hide trouble that the next look finds", () => {
    const incident = play([look(1, 0, unknown), look(2, 20, aSummary())]);
    expect(incident.step.kind).toBe("act");
    expect(incident.unclearSince).toBeNull();
  });
});
