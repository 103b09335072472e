/**
 * Worst first, as DescribeDBClusters tells each member's:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterMember.html
 */
const order = ["failed-to-apply", "pending-reboot", "applying"];

/** How far a cluster has applied its group: no further than its last member. Null: one of them does not tell. */
export function worstStatus(members: readonly (string | null)[]): string | null {
  const known = order.find((status) => members.includes(status));
  if (known !== undefined) return known;
  const [first = null, ...more] = members;
  // What is none of these, in whatever way, must not hide behind one that is in sync.
  const other = [first, ...more].find((status) => status !== "in-sync");
  return other === undefined ? first : other;
}
