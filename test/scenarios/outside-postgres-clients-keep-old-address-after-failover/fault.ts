import { calmRds } from "../support/outside/calm.ts";
import { gapped, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { jumps } from "../support/outside/server-stopped.ts";

const id = "bookkeeping-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The standby took over in a minute, and the Java services keep the old address: 11 of 236 connections came back",
  world: (dice) => {
    const at = dice.number(13, 17);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6i.large",
          MultiAZ: true,
          AvailabilityZone: "eu-central-1c",
          SecondaryAvailabilityZone: "eu-central-1a",
          AllocatedStorage: 300,
        }),
      ],
      metrics: gapped(
        {
          ...calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 122,
            connections: 236,
            cpu: 33,
            iops: 380,
          }),
          DatabaseConnections: jumps(236, at, 11),
          CPUUtilization: steps(33, 4.6, at),
          ReadIOPS: steps(152, 31, at),
          WriteIOPS: steps(228, 19, at),
          ReadThroughput: steps(2.7e6, 5.1e5, at),
          WriteThroughput: steps(4.8e6, 3.6e5, at),
          NetworkReceiveThroughput: steps(2.1e6, 6.1e4, at),
          NetworkTransmitThroughput: steps(7.3e6, 2.2e5, at),
          DiskQueueDepth: steps(0.46, 0.04, at),
          FreeableMemory: steps(1.9e9, 4.1e9, at),
          DBLoad: steps(0.66, 0.05, at),
          DBLoadCPU: steps(0.51, 0.04, at),
          DBLoadNonCPU: steps(0.15, 0.01, at),
        },
        at,
        at - 2,
      ),
      events: [
        told(id, at - 2, "failover", "The RDS Multi-AZ primary host was unhealthy and has been failed over."),
        told(id, at - 2, "failover", "Multi-AZ instance failover completed"),
        told(id, at - 1, "availability", "DB instance restarted"),
        told(id, at, "failover", "Multi-AZ instance failover started."),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.04, "IO:DataFileRead": 0.01 },
        [{ sql: "SELECT id , total FROM invoices WHERE id = ?", waits: { CPU: 0.02 } }],
        { ledger: 0.05 },
      ),
      alarm: below("DatabaseConnections", 50, [11, 11, 11], at - 6),
      way: "probe-failed",
    };
  },
});
