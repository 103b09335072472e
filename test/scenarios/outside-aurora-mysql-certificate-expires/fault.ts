import { calmAurora } from "../support/outside/calm.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, clusterOf, instanceOf } from "../support/outside/described.ts";

const id = "identity-1";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "identity",
};

export const scenario = defineOutside({
  engine: "mysql",
  title: "The server certificate ends in a few days and the rotation waits in the pending maintenance",
  world: (dice) => {
    const days = dice.number(5, 9);
    return {
      instances: [
        instanceOf(id, {
          ...of,
          CACertificateIdentifier: "rds-ca-2019",
          CertificateDetails: { CAIdentifier: "rds-ca-2019", ValidTill: ago(-days * 24 * 60) },
        }),
      ],
      cluster: clusterOf("identity", [id], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      maintenance: [
        {
          resource: id,
          action: "ca-certificate-rotation",
          description: "Rotation of CA certificate",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: ago(-days * 24 * 60).toISOString(),
          appliesAt: ago(-days * 24 * 60).toISOString(),
        },
      ],
      metrics: calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 88, cpu: 24, iops: 300 }),
      events: [],
      load: [],
      way: "probe-failed",
    };
  },
});
