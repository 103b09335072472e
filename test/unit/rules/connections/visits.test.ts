import { describe, expect, it } from "vitest";
import { connectionStorm } from "../../../../functions/core/rules/connections/connection-storm.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const at = new Date(Date.parse(collectedAt) - 40_000).toISOString().slice(0, 19).replace("T", " ");
const later = new Date(Date.parse(collectedAt) - 20_000).toISOString().slice(0, 19).replace("T", " ");

const line = (process: number, text: string, when = at): string =>
  `${when} UTC:10.0.0.7(4${process}):web_fn@shop:[${process}]:LOG: ${text}`;
const visit = (process: number, end = at): string[] => [
  line(process, "connection authorized: user=? database=? SSL enabled (protocol=TLSv1.?)"),
  line(process, "disconnection: session time: 0:? user=? database=?", end),
];
const processes = Array.from({ length: 10 }, (_, index) => 500 + index);
const visits = processes.flatMap((process) => visit(process));

/** Of a thousand lines that were read, forty are kept. */
const busy = { visits: 250, seconds: 25 };

function told(
  lines: readonly string[],
  cpu = 91,
  wanted = 0.7,
  usual = 30,
  { visits: ended, seconds } = busy,
) {
  const view = metricView({
    self: { vcpus: 2 },
    values: { CPUUtilization: held(cpu), DBLoadCPU: held(wanted) },
    readings: { CPUUtilization: { baselineDay: usual, baselineWeek: usual } },
    context: {
      logs: [
        {
          ...{ file: "e", kind: "error", lastWrittenAt: null, lines: [...lines], truncated: true },
          read: { messages: 1000, seconds, until: collectedAt, errors: [], visits: ended },
        },
      ],
    },
  });
  const outside = { ...view, server: null, connections: null, sessions: null, forests: null };
  return connectionStorm.evaluate(outside);
}

describe("sessions that the log sees come and go", () => {
  it("D4 are told with whose they are where the CPU is busy and hardly a session wants it", () => {
    const [finding] = told(visits);
    expect(finding).toMatchObject({ severity: "P2", actions: [] });
    expect(finding?.summary).toContain("Sessions of web_fn begin and end within a moment, 10 a second");
    expect(finding?.summary).toContain(
      "the CPU has been at 80 % or more for 10 min, now at 91 % but sessions do not queue",
    );
    expect(finding?.explains.map(({ cause }) => cause)).toEqual(["cpu-saturated"]);
  });

  it("D3 are none of it where they stay, are few, the CPU has room or is wanted by sessions, or it is as ever", () => {
    expect(told(processes.flatMap((process) => visit(process, later)))).toEqual([]);
    expect(told(visits.filter((one) => !one.includes("disconnection")))).toEqual([]);
    expect(told(visits.slice(0, 8))).toEqual([]);
    expect(told(visits, 60)).toEqual([]);
    expect(told(visits, 91, 2.5)).toEqual([]);
    expect(told(visits, 91, 0.7, 90)).toEqual([]);
  });

  it("D3 are none of it where they come all at once, as a monitor's do, and seldom", () => {
    expect(told(visits, 91, 0.7, 30, { visits: 250, seconds: 1500 })).toEqual([]);
    expect(told(visits, 91, 0.7, 30, { visits: 10, seconds: 0 })).toEqual([]);
  });
});
