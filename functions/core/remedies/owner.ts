/** Whose sessions: on PostgreSQL all three, the user on MySQL and MariaDB, which select by nothing else. */
export interface Owner {
  readonly application: string | null;
  readonly user: string | null;
  readonly client: string | null;
}
