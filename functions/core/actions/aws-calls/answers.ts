/**
 * retry: passes by itself; other: what was asked for cannot be had, something else can; person: somebody has to change
 * something first; already: it is so, or is on its way.
 */
export type AnswerClass = "retry" | "other" | "person" | "already";

interface Answer {
  readonly class: AnswerClass;
  readonly says: string;
}

const retry = (says: string): Answer => ({ class: "retry", says });
const other = (says: string): Answer => ({ class: "other", says });
const person = (says: string): Answer => ({ class: "person", says });
const already = (says: string): Answer => ({ class: "already", says });

const gone = (what: string): Answer => person(`RDS knows no such ${what} any more.`);
const denied = person(
  "Whoever called is not permitted to do this, or what is changed lacks the tag rds-responder:change=allowed.",
);
const slow = retry("AWS takes no more calls of this account just now.");

/**
 * Every error that the calls of the table are modelled with (the SDK's own lists), and those that RDS answers without a
 * model (peers: InvalidParameterCombination is what a change of storage gets while the last one is being optimized).
 * By name without Fault or Exception, which some have in the SDK and none has on the wire.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html#API_ModifyDBInstance_Errors
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html
 */
const answers: Readonly<Record<string, Answer>> = {
  DBClusterAutomatedBackupNotFound: person("It has no automated backup to go back to."),
  DBClusterQuotaExceeded: person("The account has as many clusters as it may have."),
  DBClusterRoleQuotaExceeded: person("The cluster has as many roles as it may have."),
  DBClusterSnapshotNotFound: gone("snapshot"),
  DBInstanceAutomatedBackupNotFound: person("It has no automated backup to go back to."),
  DBInstanceAutomatedBackupQuotaExceeded: person("The account keeps as many automated backups as it may."),
  DBProxyNotFound: gone("proxy"),
  DBProxyTargetGroupNotFound: gone("target group of the proxy"),
  DBSubnetGroupNotAllowed: person("A replica in the same Region takes no subnet group of its own."),
  InstanceQuotaExceeded: person("The account has as many instances as it may have."),
  InsufficientDBClusterCapacity: other("AWS has no room for such a cluster just now."),
  InsufficientStorageClusterCapacity: other("AWS has no room left for the volume in these zones."),
  InvalidDBProxyState: retry("The proxy is in no state for it just now."),
  InvalidDBSnapshotState: retry("A snapshot of it is under way."),
  InvalidDBSubnetGroup: person("The subnet group belongs to another VPC."),
  InvalidRestore: person("RDS does not bring this back into such a place."),
  PointInTimeRestoreNotEnabled: person("Its automated backups are off: there is nothing to go back to."),
  AuthorizationNotFound: person("The security group's rule that it relies on is not there."),
  BackupPolicyNotFound: person("Its backup policy (AWS Backup) is not there."),
  CertificateNotFound: person("RDS knows no such certificate authority."),
  DBCapacityReservationNotFound: person("The capacity reservation that it uses is not there."),
  DBClusterAlreadyExists: person("There is a cluster of that name already."),
  DBClusterNotFound: gone("cluster"),
  DBClusterParameterGroupNotFound: gone("parameter group"),
  DBClusterSnapshotAlreadyExists: already("There is a snapshot of that name already."),
  DBInstanceAlreadyExists: person("There is an instance of that name already."),
  DBInstanceNotFound: gone("instance"),
  DBParameterGroupAlreadyExists: already("There is a parameter group of that name already."),
  DBParameterGroupNotFound: gone("parameter group"),
  DBParameterGroupQuotaExceeded: person("The account has as many parameter groups as it may have."),
  DBSecurityGroupNotFound: gone("security group"),
  DBSnapshotAlreadyExists: already("There is a snapshot of that name already."),
  DBSubnetGroupDoesNotCoverEnoughAZs: person("Its subnet group covers too few zones."),
  DBSubnetGroupNotFound: gone("subnet group"),
  DBUpgradeDependencyFailure: person("Something that the engine depends on has to be upgraded first."),
  DomainNotFound: person("The Active Directory domain that it belongs to is not there."),
  InsufficientDBInstanceCapacity: other("AWS has no such class left in that zone just now."),
  InvalidDBCapacityReservationState: person("The capacity reservation that it uses is in no state for it."),
  InvalidDBClusterSnapshotState: retry("Another snapshot of the cluster is under way."),
  InvalidDBClusterState: retry("The cluster is in no state for it just now."),
  InvalidDBInstanceState: retry("The instance is in no state for it just now."),
  InvalidDBParameterGroupState: retry("The parameter group is being changed or deleted just now."),
  InvalidDBSecurityGroupState: person("A security group of it is in no state for it."),
  InvalidDBShardGroupState: retry("A shard group of the cluster is in no state for it just now."),
  InvalidDBSubnetGroupState: person("Its subnet group is in no state for it."),
  InvalidGlobalClusterState: retry("The global database is in no state for it just now."),
  InvalidSubnet: person("A subnet of it is not valid."),
  InvalidVPCNetworkState: person("Its subnet group does not fit the VPC any more."),
  KMSKeyNotAccessible: person("The key that encrypts it cannot be used: until then RDS changes nothing."),
  NetworkTypeNotSupported: person("Its subnet group does not support its network type."),
  OptionGroupNotFound: gone("option group"),
  ProvisionedIopsNotAvailableInAZ: other("Provisioned IOPS cannot be had in that zone."),
  SnapshotQuotaExceeded: person(
    "The account has as many manual snapshots as it may have: one has to go first.",
  ),
  StorageQuotaExceeded: person("The account has as much storage as it may have: the quota has to be raised."),
  StorageTypeNotAvailable: other("That type of storage cannot be had there."),
  StorageTypeNotSupported: other("The instance does not support that type of storage."),
  TenantDatabaseQuotaExceeded: person("The account has as many tenant databases as it may have."),
  VpcEncryptionControlViolation: other(
    "The VPC enforces encryption in transit, and that class does not support it.",
  ),

  InvalidParameterCombination: person("RDS does not take these values together, or not now."),
  InvalidParameterValue: person("RDS does not take one of the values."),
  ValidationError: person("RDS does not take one of the values."),
  Throttling: slow,
  ThrottledRequest: slow,
  RequestThrottled: slow,
  RequestLimitExceeded: slow,
  TooManyRequests: slow,
  ServiceUnavailable: slow,
  AccessDenied: denied,
  UnauthorizedOperation: denied,
  NotAuthorized: denied,
  OptInRequired: denied,
  InvalidClientTokenId: denied,
  ExpiredToken: retry("The credentials of the function had just run out."),
  RequestExpired: retry("The request came too late, or the clock is wrong."),
};

/** Null: an answer that nobody has classed. */
export function answerFor(code: string): Answer | null {
  return answers[code.replace(/(Fault|Exception)$/, "")] ?? null;
}
