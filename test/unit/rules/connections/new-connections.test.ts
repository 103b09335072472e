import { expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { connectionStorm } from "../../../../functions/core/rules/connections/connection-storm.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aConnection, aTarget } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const search = "SELECT id FROM listings WHERE JSON_CONTAINS(features, ?)";

function scene(waiting: number, usualLoad = 1, computing = 3, signingIn = 0) {
  const name = "io/socket/sql/client_connection";
  const load: LoadDimension[] = [
    {
      by: "wait-event",
      items: [
        { name, id: null, load: waiting, waits: [] },
        { name: "CPU", id: null, load: computing + signingIn, waits: [] },
      ],
    },
    {
      by: "statement",
      items: [{ name: search, id: null, load: computing, waits: [{ name: "CPU", load: computing }] }],
    },
  ];
  return metricView({
    self: { vcpus: 4 },
    values: {
      CPUUtilization: held(97),
      DBLoad: held(waiting + computing + signingIn),
      DatabaseConnections: held(90),
    },
    readings: {
      CPUUtilization: { baselineDay: 30, baselineWeek: 30 },
      DBLoad: { baselineDay: usualLoad, baselineWeek: usualLoad },
    },
    context: { load },
    overrides: {
      connection: aConnection({ status: "not-tried" }),
      probes: [],
      target: aTarget({ engine: "mysql", flavour: "aurora" }),
    },
  });
}

it("D4 connection-storm is a load that waits while connections are made, and no larger class is offered for its CPU", () => {
  expect(connectionStorm.evaluate(scene(16))[0]).toMatchObject({
    subject: "new-connections",
    severity: "P2",
    summary:
      "16 sessions on average wait while their connection is made, 84 % of the load: clients connect faster than the server takes them",
  });
  const { rootCauses, findings } = diagnose(scene(16).evidence, defaultSettings);
  expect(rootCauses[0]).toBe("connection-storm:new-connections");
  expect(findings.flatMap(({ actions }) => actions.map(({ id }) => id))).not.toContain(
    "scale-instance-class",
  );
  expect(connectionStorm.evaluate(scene(2))).toEqual([]);
  expect(connectionStorm.evaluate(scene(16, 19))[0]?.severity).toBe("P3");
});

it("D4 a storm whose sign-ins take the CPU themselves is one still", () => {
  expect(diagnose(scene(21, 1, 0.5, 5).evidence, defaultSettings).rootCauses).toEqual([
    "connection-storm:new-connections",
  ]);
});

it("D4 connections that wait while a statement takes all CPUs wait because of it", () => {
  const { rootCauses, findings } = diagnose(scene(21, 1, 17).evidence, defaultSettings);
  expect(rootCauses).toEqual(["expensive-statement:insights"]);
  expect(findings.map(({ id }) => id)).not.toContain("connection-storm");
  expect(findings.map(({ summary }) => summary).join()).toContain(
    "One statement makes 100 % of a load of 17 on 4 vCPUs",
  );
});
