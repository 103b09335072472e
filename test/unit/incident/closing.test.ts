import { describe, expect, it } from "vitest";
import { secondsLater } from "../../support/incident-builder.ts";
import { aSight, look, play, signalled, well } from "../../support/incident-play.ts";

const healthy = [
  signalled(0),
  look(1, 60, well, { alarms: [aSight({ state: "OK" })] }),
  look(2, 1860, well),
] as const;
const again = signalled(1861, { name: "orders-cpu", arn: null });

describe("closing", () => {
  it("V2 resolves what was healthy without a break", () => {
    expect(play(healthy).step.kind).toBe("resolve");
    expect(play([...healthy, { kind: "resolved", at: secondsLater(1862) }]).status).toBe("resolved");
  });

  it("S11 is refused when an alarm came after the last look, and one more look follows", () => {
    const incident = play([...healthy, again, { kind: "resolved", at: secondsLater(1862) }]);
    expect(incident.status).toBe("monitoring");
    expect(incident.resolvedAt).toBeNull();
    expect(incident.step).toMatchObject({ kind: "watch", seconds: 1 });
    const ended = play(
      [
        look(3, 1870, well, { alarms: [aSight({ key: "orders-cpu", state: "OK" })] }),
        { kind: "resolved", at: secondsLater(1871) },
      ],
      "auto",
      incident,
    );
    expect(ended.status).toBe("resolved");
  });

  it("S11 is refused when an alarm came while the last look went on", () => {
    const incident = play([...healthy.slice(0, 2), again, look(2, 1860, well, { alarmSignalsSeen: 1 })]);
    expect(incident.step.kind).toBe("watch");
    expect(incident.status).not.toBe("resolved");
  });

  it("S12 an OK that came after the last look refuses nothing", () => {
    const ok = signalled(1861, { state: "OK" });
    expect(play([...healthy, ok, { kind: "resolved", at: secondsLater(1862) }]).status).toBe("resolved");
  });

  it("S11 is taken back when an alarm came before the group was free, as if it had never been told", () => {
    const closing = play([...healthy, { kind: "resolved", at: secondsLater(1862) }, again]);
    expect(closing.status).toBe("resolved");
    const incident = play([{ kind: "reopened", at: secondsLater(1863) }], "auto", closing);
    expect(incident).toMatchObject({ status: "monitoring", resolvedAt: null, step: { kind: "watch" } });
    expect(incident.timeline.some(({ says }) => says.startsWith("Resolved"))).toBe(false);
    expect(play([{ kind: "resolved", at: secondsLater(1864) }], "auto", incident).status).toBe("monitoring");
  });
});
