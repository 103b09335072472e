import type { Flavour } from "./ordinary.ts";

export interface PlayedEvent {
  /** Of RDS-EVENT-0000. */
  readonly number: number;
  readonly flavour: Flavour;
  readonly source: "instance" | "cluster" | "parameter-group" | "proxy";
  readonly category: string;
  /** Near to RDS's own, of which the guide leaves parts open. */
  readonly message: string;
}

const flavours: readonly Flavour[] = ["postgres", "mysql", "aurora-postgres", "aurora-mysql"];
const sources = ["instance", "cluster", "parameter-group", "proxy"] as const;

/**
 * Every event that opens an incident.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
export const openEvents: readonly PlayedEvent[] = eventsIn(`
4 | postgres | instance | availability | DB instance shutdown.
6 | postgres | instance | availability | DB instance restarted.
22 | mysql | instance | availability | Error restarting mysql: [ERROR] unknown variable 'query_cache_size=1M'
13 | postgres | instance | failover | Multi-AZ instance failover started.
15 | postgres | instance | failover | Multi-AZ failover to standby complete - DNS propagation may take a few minutes.
34 | postgres | instance | failover | Abandoning user requested failover since a failover recently occurred on the database instance.
49 | postgres | instance | failover | Multi-AZ instance failover completed.
69 | aurora-mysql | cluster | failover | Cluster failover failed, check the status of your cluster instances and try again.
70 | aurora-mysql | cluster | failover | Promoting previous primary again: orders-prod.
71 | aurora-mysql | cluster | failover | Completed failover to DB instance: orders-prod.
72 | aurora-mysql | cluster | failover | Started same AZ failover to DB instance: orders-prod.
73 | aurora-mysql | cluster | failover | Started cross AZ failover to DB instance: orders-prod.
187 | aurora-postgres | cluster | global failover | Global switchover to DB cluster orders in Region eu-west-1 failed.
238 | aurora-postgres | cluster | global failover | Global failover to DB cluster orders in Region eu-west-1 completed.
239 | aurora-postgres | cluster | global failover | Global failover to DB cluster orders in Region eu-west-1 failed.
7 | postgres | instance | low storage | Allocated storage has been exhausted. Allocate additional storage to resolve.
89 | postgres | instance | low storage | The free storage capacity for DB instance: orders-prod is low at 8% of the provisioned storage.
221 | mysql | instance | availability | DB instance has reached the storage-full threshold, and the database has been shut down. You can increase the allocated storage to address this issue.
222 | mysql | instance | availability | Free storage capacity for DB instance orders-prod is low at 2% of the allocated storage. The database will be shut down to prevent corruption.
223 | postgres | instance | failure | Storage autoscaling is unable to scale the storage for the reason: the storage is being optimized.
224 | postgres | instance | notification | Storage autoscaling has triggered a pending scale storage task that will reach or exceed the maximum storage threshold. Increase the maximum storage threshold.
227 | aurora-mysql | instance | low storage | The Aurora cluster's storage is dangerously low with only 200 GB remaining. Please take measures to reduce the storage load on your cluster.
254 | postgres | instance | notification | Underlying storage quota for this customer account has exceeded the limit. Please increase the allowed storage quota to let the scaling go through on the instance.
330 | postgres | instance | low storage | The free storage capacity for the dedicated transaction log volume is too low for DB instance orders-prod. The log volume free storage is 4% of the provisioned storage.
331 | mysql | instance | low storage | The free storage capacity for the dedicated transaction log volume is too low for DB instance orders-prod.
45 | mysql | instance | read replica | Replication has stopped.
57 | postgres | instance | read replica | Replication streaming has been terminated.
358 | mysql | instance | read replica | Replication channel ch1 stopped.
20 | postgres | instance | recovery | Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.
52 | postgres | instance | recovery | Multi-AZ instance recovery started.
31 | postgres | instance | failure | DB instance put into failed state. RDS recommends that you initiate a point-in-time-restore.
35 | postgres | instance | failure | Database instance put into incompatible-parameters. Can't start because of max_connections.
36 | postgres | instance | failure | Database instance in incompatible-network. The subnet has no free IP addresses
315 | postgres | instance | failure | Unable to move incompatible-network database, orders-prod, to available status: subnet gone
418 | postgres | instance | failure | Amazon RDS is unable to access the KMS encryption key for database instance orders-prod. This database will be placed into an inaccessible state. Please refer to the troubleshooting section in the Amazon RDS User Guide for further details.
419 | aurora-postgres | cluster | failure | Amazon RDS has been unable to access the KMS encryption key for database cluster orders. This database will be placed into an inaccessible state.
403 | mysql | instance | notification | A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 6442450944.
404 | postgres | instance | notification | A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of shared_buffers to 262144.
189 | postgres | instance | notification | The gp2 burst balance credits for the RDS database instance are low. To resolve this issue, reduce IOPS usage or modify your storage settings to enable higher performance.
270 | aurora-postgres | instance | maintenance | The DB cluster engine version upgrade failed. The cluster engine version upgrade has been rolled back.
243 | aurora-postgres | proxy | failure | RDS could not provision capacity for proxy p because there are not enough IP addresses available in your subnets.
275 | aurora-postgres | proxy | failure | RDS Proxy p throttled some connections
391 | aurora-postgres | cluster | global failover | The writes to the primary couldn't be held back (switchover)
`);

/** Those that are kept with one, of each kind. */
export const attachedEvents: readonly PlayedEvent[] = eventsIn(`
50 | postgres | instance | failover | Multi-AZ instance activation started.
361 | postgres | instance | recovery | Recovery of standby DB instance has started.
181 | aurora-postgres | cluster | global failover | Global switchover to DB cluster orders in Region eu-west-1 started.
182 | aurora-postgres | cluster | global failover | Old primary DB cluster orders in Region eu-central-1 successfully shut down.
183 | aurora-postgres | cluster | global failover | Waiting for data synchronization across global cluster members.
184 | aurora-postgres | cluster | global failover | New primary DB cluster orders in Region eu-west-1 was successfully promoted.
186 | aurora-postgres | cluster | global failover | Global switchover to DB cluster orders in Region eu-west-1 is cancelled.
240 | aurora-postgres | cluster | global failover | Started resynchronizing members of DB cluster orders in Region eu-west-1 post global failover.
397 | aurora-postgres | cluster | global failover | Aurora finished changing the DNS entry for the global writer endpoint.
423 | postgres | instance | recovery | Recovery of the standby
37 | postgres | parameter-group | configuration change | Updated parameter max_connections to 2000 with apply method pending-reboot
12 | postgres | instance | configuration change | Applying modification to database instance class.
14 | postgres | instance | configuration change | Finished applying modification to DB instance class.
16 | postgres | instance | configuration change | Reset master credentials.
18 | postgres | instance | configuration change | Applying modification to allocated storage.
24 | postgres | instance | configuration change | Applying modification to convert to a Multi-AZ DB instance.
25 | postgres | instance | configuration change | Finished applying modification to convert to a Multi-AZ DB instance.
28 | postgres | instance | configuration change | Disabled automated backups.
29 | postgres | instance | configuration change | Finished applying modification to convert to a standard (Single-AZ) DB instance.
30 | postgres | instance | configuration change | Applying modification to convert to a standard (Single-AZ) DB instance.
32 | postgres | instance | configuration change | Enabled automated backups
67 | postgres | instance | configuration change | Unable to reset your password. Error information: invalid.
92 | postgres | instance | configuration change | Finished updating DB parameter group.
217 | postgres | instance | configuration change | Applying autoscaling-initiated modification to allocated storage.
219 | postgres | instance | failure | DB instance is in an invalid state. No actions are necessary. Autoscaling will retry later.
220 | postgres | instance | failure | DB instance is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours. No actions are necessary. Autoscaling will retry after the cooling-off period.
225 | postgres | instance | notification | Storage size of 300 GB is approaching the maximum storage threshold 350 GB. Increase the maximum storage threshold.
231 | postgres | instance | configuration change | Your DB instance's storage modification encountered an internal error. The modification request is pending and will be retried later.
237 | postgres | instance | failure | DB instance has a gp2 storage type and is in an invalid state. Autoscaling will retry later
295 | postgres | instance | configuration change | Storage configuration upgrade started.
296 | postgres | instance | configuration change | Storage configuration upgrade completed.
306 | postgres | instance | configuration change | Storage configuration upgrade failed. Please retry.
332 | postgres | instance | configuration change | Dedicated log volume is disabled
26 | postgres | instance | maintenance | Applying off-line patches to DB instance.
47 | postgres | instance | maintenance | DB instance was patched.
176 | aurora-postgres | cluster | maintenance | Database cluster engine major version has been upgraded.
266 | postgres | instance | maintenance | Downtime started for DB instance.
267 | postgres | instance | maintenance | Engine version upgrade started.
268 | postgres | instance | maintenance | Engine version upgrade finished.
269 | postgres | instance | maintenance | Post-upgrade tasks are in progress.
188 | postgres | instance | maintenance | Upgrade prechecks
422 | postgres | instance | maintenance | RDS will replace the host of DB instance orders-prod due to a pending maintenance action.
387 | aurora-postgres | cluster | maintenance | Database cluster engine major version upgrade failed
87 | postgres | instance | notification | DB instance stopped.
150 | aurora-postgres | cluster | notification | DB cluster stopped.
62 | mysql | instance | read replica | Replication for the Read Replica was manually stopped.
63 | mysql | instance | read replica | Replication for the read replica was reset.
359 | mysql | instance | read replica | Replication channel ch1 was manually stopped.
360 | mysql | instance | read replica | Replication channel ch1 was reset.
416 | postgres | instance | read replica | Read Replica stopped replication because the source was upgraded.
202 | mysql | instance | read replica | Read replica creation failed.
233 | mysql | instance | read replica | Replication switchover
372 | aurora-postgres | instance | notification, serverless | Successfully paused the DB instance.
385 | aurora-postgres | instance | notification | Cluster topology is updated.
44 | postgres | instance | notification | operation failed
3 | postgres | instance | deletion | DB instance deleted.
19 | postgres | instance | restoration | Restored from DB instance orders-old to orders-prod.
43 | postgres | instance | restoration | Restored from snapshot s1.
247 | postgres | instance | deployment | Switchover from primary source orders-prod to target orders-green started.
248 | postgres | instance | deployment | Switchover completed on blue/green deployment.
249 | postgres | instance | failure | Switchover canceled on blue/green deployment.
252 | postgres | instance | deployment | Switchover from DB instance blue to green finished
259 | postgres | instance | notification | Switchover from DB cluster primary source to target initiated
310 | postgres | instance | failure | Sequence sync for switchover of blue/green deployment failed. Switchover of blue/green deployment failed.
307 | postgres | instance | deployment | Sequences sync for switchover of blue/green deployment has initiated. Switchover when using sequences may lead to extended downtime.
79 | postgres | instance | failure | Amazon RDS has been unable to create credentials for enhanced monitoring and this feature has been disabled.
80 | postgres | instance | failure | Amazon RDS has been unable to configure enhanced monitoring on your instance: orders-prod and this feature has been disabled.
353 | postgres | instance | creation | The DB instance can't be created because of incompatible resources
390 | aurora-postgres | cluster | global failover | Writes held back
`);

function eventsIn(table: string): PlayedEvent[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [number = "", flavour = "", source = "", category = "", ...message] = line.split(" | ");
      return {
        number: Number(number),
        flavour: known(flavours, flavour),
        source: known(sources, source),
        category,
        message: message.join(" | "),
      };
    });
}

function known<Word extends string>(words: readonly Word[], word: string): Word {
  const found = words.find((one) => one === word);
  if (found === undefined) throw new Error(`${word} is none of ${words.join(", ")}`);
  return found;
}
