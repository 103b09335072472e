interface Answer {
  readonly server_id: string;
  readonly session_id: string | null;
  readonly lag_ms: number | null;
  readonly update_seconds: number | null;
}

/**
 * The columns are the same in aurora_replica_status() and in information_schema.replica_host_status: the writer's
 * session has a name in place of an id. Clocks of two instances need not agree.
 */
export function auroraReplicaOf({ server_id, session_id, lag_ms, update_seconds }: Answer) {
  const writer = session_id === "MASTER_SESSION_ID";
  return {
    server: server_id,
    writer,
    lagMs: writer || lag_ms === null ? null : Math.max(0, lag_ms),
    lastUpdateSeconds: update_seconds === null ? null : Math.max(0, update_seconds),
  };
}
